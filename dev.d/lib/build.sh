# Builds what the commands run, when a source is newer than what was built. Sourced; expects ROOT and toolchain.sh.
AGENT_HOME=$ROOT/node-agent/agent
OPERATOR_HOME=$ROOT/operator/app

bpf_toolchain() {
  need clang clang
  need llvm-strip llvm
  need make make
  need cc gcc
  [[ -e /usr/include/bpf/bpf_helpers.h ]] || install_packages libbpf-dev
  [[ -e /usr/include/gelf.h ]] || install_packages libelf-dev
}

build_bpf() {
  bpf_toolchain
  make -s -C "$ROOT/bpf" >&2
}

build_runner() {
  build_bpf
  make -s -C "$ROOT/bpf" runner >&2
}

# built STAMP DIR…: nothing in these source folders is newer than the stamp.
built() {
  local stamp=$1
  shift
  [[ -e $stamp && -z $(find "$@" -newer "$stamp" -type f ! -path '*/target/*' ! -path '*/build/*' -print -quit) ]]
}

build_jars() {
  local stamp=$ROOT/.spandrel/jars.stamp
  built "$stamp" "$ROOT"/{crds,node-agent,operator,pom.xml,bpf} && [[ -f $AGENT_HOME/target/quarkus-app/quarkus-run.jar && -f $OPERATOR_HOME/target/quarkus-app/quarkus-run.jar ]] && return
  say "dev: building the agent and the operator"
  mkdir -p "$ROOT/.spandrel"
  touch "$stamp.new"
  maven -q package -DskipTests -pl node-agent/agent,operator/app -am >&2
  train "$AGENT_HOME" --operator localhost:1 --node training --state-dir "$ROOT/.spandrel/training" --http 127.0.0.1:0
  mv "$stamp.new" "$stamp"
}

# train HOME ARGUMENTS…: one short run teaches the JVM which classes a start needs: a start takes half the time then.
train() {
  local home=$1 app=$1/target/quarkus-app
  shift
  find_java
  (
    "$JAVA_HOME/bin/java" "@$home/jvm.options" -XX:AOTCacheOutput="$app/app.aot" -jar "$app/quarkus-run.jar" "$@" >"$app/training.log" 2>&1 &
    for _ in {1..300}; do
      sleep 0.1
      grep -q ' runs: ' "$app/training.log" && break
    done
    sleep 1
    kill $! 2>/dev/null
    wait $!
  ) || true
}

build_all() {
  build_bpf
  build_jars
}

# run_jar HOME ARGUMENTS…: becomes the JVM, so that signals reach it.
run_jar() {
  local home=$1 options=()
  shift
  find_java
  [[ -f $home/jvm.options ]] && options=("@$home/jvm.options")
  [[ -f $home/target/quarkus-app/app.aot ]] && options+=("-XX:AOTCache=$home/target/quarkus-app/app.aot")
  exec "$JAVA_HOME/bin/java" "${options[@]}" -jar "$home/target/quarkus-app/quarkus-run.jar" "$@"
}
