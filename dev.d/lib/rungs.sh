# The four rungs. Sourced by dev.d/test; expects toolchain.sh, build.sh, cluster.sh, gitops.sh, kernels.sh, programs.sh and results.sh.
RUNG_LOGS=$ROOT/.spandrel/test
own_cluster=

# tried COMMAND…: runs it apart and prints only the reason when it ends by `die`.
tried() { (set +e; "$@") 2>&1 >/dev/null | sed -n 's/^dev: //p' | grep -v '^apt-get' | tail -1; return "${PIPESTATUS[0]}"; }

can_jvm() {
  find_java
  bpf_toolchain
  sanitizers
  need python3 python3
}

can_api() {
  find_java
  need python3 python3
  need kubectl kubernetes-client
  find_go
  [[ -n ${KUBECONFIG:-} ]] && return
  need openssl openssl
  need curl curl
}

can_kernel() {
  [[ $(id -u) == 0 ]] || die "it needs root (or the capabilities BPF, PERFMON, SYS_PTRACE and leave to make cgroups): run it with sudo"
  [[ -r /sys/kernel/btf/vmlinux ]] || die "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF)"
  grep -q ' cgroup2 ' /proc/mounts || die "cgroup v2 is not mounted: mount -t cgroup2 none /sys/fs/cgroup"
  bpf_toolchain
  need bpftool bpftool
  bpftool prog list >/dev/null 2>&1 || die "the bpf system call is refused here (bpftool prog list)"
  [[ $(ldconfig -p) == *libbpf.so.1* ]] || install_packages libbpf1
  can_programs
  can_api
}

can_kernels() {
  kernels_toolchain "${MATRIX[@]}"
  bpf_toolchain
  find_java
  can_programs
}

run_rungs() {
  local rung why can=()
  mkdir -p "$RUNG_LOGS"
  for rung in "$@"; do
    if why=$(tried "can_$rung"); then can+=("$rung"); else not_run "$rung" "${why:-it cannot be set up}"; fi
  done
  [[ " ${can[*]} " != *" jvm "* ]] || timed jvm c_tests
  [[ " ${can[*]} " =~ " "(jvm|api|kernel)" " ]] && maven_rungs "${can[@]}"
  [[ " ${can[*]} " != *" jvm "* || -n $only ]] || timed jvm java_fuzz
  [[ " ${can[*]} " != *" kernels "* ]] || timed kernels kernels_rung
}

# quietly NAME COMMAND…: output to a log, whose end is shown if the command fails.
quietly() {
  local log=$RUNG_LOGS/$1.log code=0
  shift
  "$@" >"$log" 2>&1 </dev/null || code=$?
  ((code == 0)) || { tail -40 "$log" >&2; say "dev: the whole output is in $log"; }
  return $code
}

c_tests() {
  say "dev: C unit tests, then fuzzing for ${FUZZ_SECONDS:-60} s"
  if quietly c-test make -C "$ROOT/bpf" test; then result jvm passed "C unit tests"; else result jvm failed "C unit tests"; fi
  if quietly c-fuzz make -C "$ROOT/bpf" fuzz SECONDS="${FUZZ_SECONDS:-60}"; then result jvm passed "fuzz"; else result jvm failed "fuzz"; fi
}

# One Maven run for all its rungs, so that each module is built once; the reports say which test belongs to which rung.
maven_rungs() {
  local goal=test options=() patterns=() code=0
  [[ " $* " == *" jvm "* ]] || options+=(-DskipUTs)
  if [[ " $* " == *" kernel "* ]]; then
    # What the E2E tests start is what ./dev agent and ./dev operator start.
    say "dev: building what the tests run"
    if timed kernel quietly build build_tested; then patterns=('*KernelIT' '*E2E'); else result kernel failed "the build" "see $RUNG_LOGS/build.log"; fi
  fi
  if [[ " $* " == *" api "* ]]; then
    timed api quietly gitops build_gitops || result api failed "kstatus, Argo CD's Lua and Helm's engine" "see $RUNG_LOGS/gitops.log"
    timed api quietly certmanager build_certmanager || result api failed "cert-manager's controllers" "see $RUNG_LOGS/certmanager.log"
  fi
  [[ " $* " != *" api "* ]] || if ((${#patterns[@]})); then patterns=('*IT' '*E2E'); else patterns=('*IT' '!*KernelIT'); fi
  [[ -z $only ]] || options+=("-Dtest=$only" -Dsurefire.failIfNoSpecifiedTests=false)
  if ((${#patterns[@]})); then
    goal=verify
    options+=("-Dit.test=${only:-$(IFS=,; echo "${patterns[*]}")}" -Dfailsafe.failIfNoSpecifiedTests=false -Dquarkus.build.skip)
    start_cluster || { result "$1" failed "API server" "did not start"; return; }
  fi
  # Elsewhere a test that is not steady is to be seen at once. In CI it passes at the second try, and is named.
  [[ ${CI:-} != true ]] || options+=(-Dsurefire.rerunFailingTestsCount=1 -Dfailsafe.rerunFailingTestsCount=1)
  find "$ROOT" -path '*/target/*-reports/*' -name '*.xml' -delete
  say "dev: maven $goal for $*"
  quietly maven maven -fae -Dmaven.test.failure.ignore "${options[@]}" "$goal" || code=$?
  python3 "$ROOT/dev.d/lib/reports.py" "$ROOT" >>"$RESULTS"
  ((code == 0)) || result "$1" failed "the Maven build" "ended with status $code; see $RUNG_LOGS/maven.log"
  stop_cluster
}

build_tested() {
  build_all
  build_programs
}

kernels_rung() {
  say "dev: Debian's kernels in qemu"
  quietly guests build_guests "${MATRIX[@]}" || { result kernels failed "what the guests run" "does not build"; return; }
  run_kernels "${MATRIX[@]}" >&2 || true
}

start_cluster() {
  [[ -n ${KUBECONFIG:-} ]] && return
  cluster_running || own_cluster=yes
  local line
  line=$(cluster_up api) || return
  eval "$(tail -1 <<<"$line")"
  trap stop_cluster EXIT
}

stop_cluster() {
  [[ -n ${own_cluster:-} ]] && cluster_down
  own_cluster=
}
