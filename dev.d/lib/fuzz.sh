# Jazzer on what reads the kernel's records. Sourced by dev.d/test; expects ROOT, toolchain.sh and results.sh, and that the tests are compiled.
# fuzz_records SECONDS: begins with the golden records, which their own test has left below target.
fuzz_records() {
  local target=$ROOT/node-agent/agent/target
  find_java
  mkdir -p "$target/fuzz/found" "$target/fuzz/seeds"
  (cd "$target/fuzz" && "$JAVA_HOME/bin/java" -Xmx512m -cp "$target/classes:$target/test-classes:$(cat "$target/test.classpath")" com.code_intelligence.jazzer.Jazzer \
    --target_class=dev.spandrel.agent.export.RecordFuzz --instrumentation_includes='dev.spandrel.**' -max_total_time="$1" -timeout=10 found seeds)
}

java_fuzz() {
  local seconds=$((${FUZZ_SECONDS:-30} / 2))
  say "dev: Jazzer for $seconds s"
  if quietly java-fuzz fuzz_records "$seconds"; then result jvm passed "fuzz of records"; else result jvm failed "fuzz of records"; fi
}
