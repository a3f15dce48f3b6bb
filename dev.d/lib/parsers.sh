# `./dev bench parsers`: the agent's readers in JMH. Sourced by dev.d/bench; expects ROOT and toolchain.sh.
# bench_parsers [--write]: GB/s and bytes allocated per golden capture, of each protocol of the registry.
bench_parsers() {
  local agent=$ROOT/node-agent/agent target=$ROOT/node-agent/agent/target here=$ROOT/tests-e2e/bench/parsers jars out=$ROOT/.spandrel/bench names classpath
  maven -q test-compile -pl node-agent/agent -am >&2
  jars=$CACHE/jmh-$(sha256sum "$here/pom.xml" | cut -c1-16)
  [[ -e $jars/ready ]] || maven -q -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$jars" >&2
  touch "$jars/ready"
  names=$(sed -n 's/^ *PROTOCOL_\([A-Z0-9]*\) = [0-9]*;.*/\1/p' "$ROOT/node-agent/contract/src/main/proto/spandrel/v1/protocol.proto" | grep -vx 'UNSPECIFIED\|ALL' | paste -sd,)
  classpath=$target/classes:$target/test-classes:$(<"$target/test.classpath"):$jars/*
  rm -rf "$out/parsers"
  mkdir -p "$out/parsers"
  "$JAVA_HOME/bin/javac" -d "$out/parsers" -cp "$classpath" -processor org.openjdk.jmh.generators.BenchmarkProcessor "$here/Parsers.java" >&2
  "$JAVA_HOME/bin/java" -cp "$out/parsers:$classpath" org.openjdk.jmh.Main Parsers -p "protocol=$names" -f 1 -wi 3 -w 500ms -i 5 -r 500ms -prof gc \
    -jvmArgs "-Dgolden=$agent/src/test/resources/golden/span" -rf json -rff "$out/parsers.json" -foe false >"$out/parsers.log" 2>&1 || { tail -20 "$out/parsers.log" >&2; exit 1; }
  PYTHONPATH=$ROOT/tests-e2e PYTHONDONTWRITEBYTECODE=1 python3 -m bench.parsers_table "$out/parsers.json" "$@"
}
