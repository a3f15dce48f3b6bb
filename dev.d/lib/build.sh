# Builds what the commands run, when a source is newer than what was built. Sourced; expects ROOT and toolchain.sh.
AGENT_HOME=$ROOT/node-agent/agent
OPERATOR_HOME=$ROOT/operator/app
CLI_HOME=$ROOT/cli
source "$ROOT/dev.d/lib/probe.sh"

bpf_toolchain() {
  need clang clang
  need llvm-strip llvm
  need make make
  need cc gcc
  [[ -e /usr/include/bpf/bpf_helpers.h ]] || install_packages libbpf-dev
  [[ -e /usr/include/gelf.h ]] || install_packages libelf-dev
}

# What C tests are linked with: clang's own package only recommends it.
sanitizers() {
  local version
  version=$(clang -dumpversion | cut -d. -f1)
  [[ -e $(clang -print-file-name="libclang_rt.fuzzer-$(uname -m).a") ]] || install_packages "libclang-rt-$version-dev"
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

# The agent's jar has the BPF objects: they are built first, and one that is newer than the jars makes them old.
build_all() {
  build_bpf
  local stamp=$ROOT/.spandrel/jars.stamp
  built "$stamp" "$ROOT"/{crds,node-agent,operator,cli,pom.xml,bpf} && [[ -z $(find "$ROOT/bpf/build" -name '*.bpf.o' -newer "$stamp" -print -quit) ]] && [[ -f $AGENT_HOME/target/quarkus-app/quarkus-run.jar && -f $OPERATOR_HOME/target/quarkus-app/quarkus-run.jar && -f $CLI_HOME/target/spandrel.jar && -f $PROBE_HOME/target/spandrel-probe-live.jar ]] && return
  say "dev: building the agent, the operator and the command-line tool"
  mkdir -p "$ROOT/.spandrel"
  touch "$stamp.new"
  # One identity hash for all objects: what Quarkus generates is in the order of sets of classes, and would be another one each time.
  MAVEN_OPTS="${MAVEN_OPTS:-} -XX:+UnlockExperimentalVMOptions -XX:hashCode=2" \
    maven -q package -DskipTests -pl node-agent/agent,node-agent/probe-live,operator/app,cli -am >&2
  train_agent
  train_cli
  train_probe
  mv "$stamp.new" "$stamp"
}

# A cache for each of the agent's modes: what is in a cache is mapped at every start. Where BPF may be used, standalone mode is trained on traffic;
# elsewhere it goes untrained, as it cannot run there either.
train_agent() {
  local training=$ROOT/.spandrel/training cgroup=spandrel-training-$$ port
  rm -rf "$training"
  mkdir -p "$training/policies"
  printf '%s\n' 'apiVersion: spandrel.dev/v1alpha1' 'kind: TracePolicy' 'metadata: {name: training}' 'spec:' \
    "  podSelector: {matchLabels: {cgroup: $cgroup}}" >"$training/policies/training.yaml"
  train "$AGENT_HOME" operator http://127.0.0.1:1 sleep 2 -- --operator localhost:1 --node training --state-dir "$training" --http 127.0.0.1:0
  coproc TRAFFIC { python3 "$ROOT/dev.d/lib/training.py" "$cgroup" 2>"$training/traffic.log"; }
  local traffic=$TRAFFIC_PID in out
  exec {in}<&"${TRAFFIC[0]}" {out}>&"${TRAFFIC[1]}" {TRAFFIC[1]}>&- # a coprocess' own are closed in subshells
  if read -r port <&"$in"; then
    train "$AGENT_HOME" policies "http://127.0.0.1:$port" drive_traffic "$in" "$out" -- --policies "$training/policies" --http 127.0.0.1:0
  fi
  exec {in}<&- {out}>&-
  wait "$traffic" || true
}

# One run of each command, against an operator of its own.
train_cli() {
  find_java
  "$JAVA_HOME/bin/java" "@$CLI_HOME/jvm.options" -XX:AOTCacheOutput="$CLI_HOME/target/spandrel.aot" -cp "$CLI_HOME/target/spandrel.jar" dev.spandrel.cli.Training >"$CLI_HOME/target/training.log" 2>&1 || true
}

# drive_traffic IN OUT: training.py makes its requests, and says when it is done.
drive_traffic() {
  echo >&"$2"
  read -r _ <&"$1"
}

# train HOME MODE RECEIVER LOAD… -- ARGUMENTS…: one run teaches the JVM which classes a start needs and what is worth compiling: a start takes half the time then.
train() {
  local home=$1 app=$1/target/quarkus-app mode=$2 how=("$3")
  shift 3
  while [[ $1 != -- ]]; do
    how+=("$1")
    shift
  done
  shift
  find_java
  learn "$app/training-$mode.log" "${how[@]}" -- "$JAVA_HOME/bin/java" "@$home/jvm.options" -XX:AOTCacheOutput="$app/$mode.aot" -jar "$app/quarkus-run.jar" "$@"
}

# learn LOG RECEIVER LOAD… -- COMMAND…: runs an agent until it is ready and the load is over.
learn() {
  local log=$1 receiver=$2 load=()
  shift 2
  while [[ $1 != -- ]]; do
    load+=("$1")
    shift
  done
  shift
  (
    OTEL_EXPORTER_OTLP_ENDPOINT=$receiver "$@" >"$log" 2>&1 &
    for _ in {1..300}; do
      sleep 0.1
      grep -q ' runs: ' "$log" && break
      kill -0 $! 2>/dev/null || exit
    done
    for path in /q/health /metrics; do ask "$(sed -n 's|.* http://\(.*\)/metrics$|\1|p' "$log")" "$path" >>"$log"; done
    "${load[@]}"
    kill $! 2>/dev/null
    wait $!
  ) || true
}

# ask HOST:PORT PATH: what a GET over HTTP answers.
ask() {
  exec 3<>"/dev/tcp/${1%:*}/${1##*:}"
  printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
  cat <&3
  exec 3<&-
}

# run_jar HOME ARGUMENTS…: becomes the JVM, so that signals reach it.
run_jar() {
  local home=$1 options=() mode
  shift
  find_java
  [[ -f $home/jvm.options ]] && options=("@$home/jvm.options")
  for mode in operator policies; do
    [[ " $* " == *" --$mode"[=\ ]* && -f $home/target/quarkus-app/$mode.aot ]] && options+=("-XX:AOTCache=$home/target/quarkus-app/$mode.aot")
  done
  exec "$JAVA_HOME/bin/java" "${options[@]}" -jar "$home/target/quarkus-app/quarkus-run.jar" "$@"
}
