# Jazzer on what reads the kernel's records. Sourced by dev.d/test and dev.d/fuzz; expects ROOT, toolchain.sh and results.sh, and that the tests are compiled.
# jazzer TARGET SECONDS [OPTION…]: begins with the golden exchanges, which their own tests have left below target. What it learns stays in target/fuzz/TARGET.
jazzer() {
  local target=$ROOT/node-agent/agent/target name=$1 seconds=$2 seeds=seeds
  shift 2
  find_java
  [[ $name != Protocol* ]] || seeds=protocol-seeds
  local own=$target/fuzz/${NAME:-$name}
  mkdir -p "$own" "$target/fuzz/$seeds"
  (cd "$own" && "$JAVA_HOME/bin/java" -Xmx512m "$@" -cp "$target/classes:$target/test-classes:$(cat "$target/test.classpath")" com.code_intelligence.jazzer.Jazzer \
    --target_class="dev.spandrel.agent.export.$name" --instrumentation_includes='dev.spandrel.**' -max_total_time="$seconds" -timeout=10 . "../$seeds")
}

java_fuzz() {
  local seconds=$((${FUZZ_SECONDS:-60} / 3)) target
  for target in RecordFuzz ProtocolFuzz; do
    say "dev: Jazzer on $target for $seconds s"
    if quietly "java-fuzz-$target" jazzer "$target" "$seconds"; then result jvm passed "fuzz: $target"; else result jvm failed "fuzz: $target"; fi
  done
}
