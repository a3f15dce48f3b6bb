# The kernel matrix: Debian's kernels in qemu, and what the programs do there. Sourced; expects ROOT, toolchain.sh, build.sh and programs.sh.
source "$ROOT/dev.d/lib/kernelpackages.sh"
source "$ROOT/dev.d/lib/foreign.sh"
source "$ROOT/dev.d/lib/guest.sh"
source "$ROOT/dev.d/lib/verifier.sh"

# A kernel is VERSION or VERSION/aarch64, the newest that Debian has, or this machine's own, which needs root and no qemu.
MATRIX=(native 6.1 6.12 newest 6.12/aarch64)

# tests_of_kernel KERNEL: the tests of the whole system that run in its guest, of those that have the tag: what matches one of these words in class and method.
# In CI there is less time: probes are tried on the newest.
tests_of_kernel() {
  if [[ -n ${KERNEL_TESTS:-} ]]; then
    echo "$KERNEL_TESTS"
  elif [[ ${CI:-} != true ]]; then
    echo "AgentE2E.*requests ProbeKernelsE2E ProbeSetKernelsE2E RestlessE2E PostgresqlE2E SteppedClock"
  elif [[ $1 == newest ]]; then
    echo "AgentE2E.*requests ProbeKernelsE2E ProbeSetKernelsE2E"
  else
    echo "AgentE2E.*requests ProbeKernelsE2E.*Breakpoint"
  fi
}

kernels_toolchain() {
  [[ $(dpkg --print-architecture 2>/dev/null) == amd64 ]] || die "the kernel matrix needs Debian or a child of it on x86-64"
  need qemu-system-x86_64 qemu-system-x86
  need busybox busybox-static
  need cpio cpio
  need xz xz-utils
  # A dynamically linked busybox cannot run in the guest.
  file_is_static "$(command -v busybox)" || install_packages busybox-static
  [[ -n $(virtiofs_daemon) ]] || install_packages virtiofsd
  [[ " $* " != *aarch64* ]] || foreign_toolchain
}

file_is_static() { ! ldd "$1" >/dev/null 2>&1; }

# What the guests run: the runner, the agent and the tests, with their classpath.
build_guests() {
  build_runner
  [[ " $* " != *aarch64* ]] || build_foreign_runner
  [[ ${BENCH:-} != yes ]] || build_bench "$@"
  build_all
  build_programs
  maven -q process-test-classes -DskipTests -Dquarkus.build.skip -pl tests-e2e -am >&2
}

build_bench() {
  make -s -C "$ROOT/bpf" bench >&2
  [[ " $* " != *aarch64* ]] || build_foreign bench
}

# guest_variables KERNEL: what its /whole reads.
guest_variables() {
  printf '%s=%q\n' ROOT "$ROOT" JAVA_HOME "$JAVA_HOME" PATTERNS "$(tests_of_kernel "$1")" SECONDS_OF_TESTS "$((GUEST_SECONDS - 60))"
  printf 'CLASSPATH=%q\n' "$(cat "$ROOT/tests-e2e/target/test.classpath")"
}

# expected OBJECT VERSION: what a backend should do on a kernel. The tracepoints of socklen came with 6.3.
expected() {
  if [[ $1 == *socklen* && $(printf '%s\n6.3\n' "$2" | sort -V | head -1) != 6.3 ]]; then echo unsupported; else echo passed; fi
}

# verdict OBJECT LOG: passed, unsupported or failed, by how the runner ended. Its words are no evidence: a refused load may say "unsupported", too.
verdict() {
  case $(sed -n "s/^guest: end $1 //p" "$2") in
    0) echo passed ;;
    3) echo unsupported ;;
    *) echo failed ;;
  esac
}

# said OBJECT LOG: what the runner printed about an object.
said() { sed -n "/^guest: begin $1\$/,/^guest: end $1 /p" "$2" | sed '/^guest: /d'; }

# run_kernels KERNEL…: a table row per kernel and object, and per test; fails if one is not as expected. In CI a kernel that is not is run up to twice
# more, for in an emulated machine an interrupt may come anywhere; what failed is unsteady if all is well then. With a function `result` defined, that is told each.
run_kernels() {
  local kernel bad=0 before=0 first
  mkdir -p "$KERNEL_LOGS"
  printf '%-14s %-12s %s\n' kernel result what
  for kernel in "$@"; do
    TOLD=()
    if ! run_kernel "$kernel"; then
      bad=1
      if [[ ${CI:-} == true ]]; then
        first=("${TOLD[@]}")
        for _ in again 'once more'; do
          TOLD=()
          if run_kernel "$kernel"; then
            bad=$before TOLD=("${first[@]/#failed/unsteady}")
            break
          fi
        done
      fi
    fi
    tell_results
    before=$bad
  done
  return $bad
}

run_kernel() {
  local version=${1%/*} machine=x86_64 directory log seconds=$SECONDS
  [[ $1 != */* ]] || machine=${1#*/}
  case $version in
    native) version=$(uname -r | grep -oE '^[0-9]+\.[0-9]+') machine=$(uname -m) ;;
    newest) version=$(newest_version) ;;
  esac
  log=$KERNEL_LOGS/$version-$machine.log
  rm -f "$log"*
  if [[ $1 == native ]]; then
    run_here "$machine" >"$log" 2>&1
  else
    directory=$(fetch_kernel "$version" "$machine")
    guest_variables "$1" >"$KERNEL_LOGS/tests"
    [[ $machine != "$(uname -m)" || $(tests_of_kernel "$1") == none ]] || share "$log.share"
    boot "$directory" "$machine" "$log"
    unshare_files
  fi
  say "dev: Linux $(sed -n 's/.*guest: kernel //p' "$log") on $machine took $((SECONDS - seconds)) s"
  judge "$version" "$machine" "$log"
}

# What init does in a guest, as far as the runner goes.
run_here() {
  local object code
  echo "guest: kernel $(uname -r)"
  for object in "$ROOT/bpf/build/$1"/*.bpf.o; do
    echo "guest: begin $(basename "$object")"
    code=0
    "$ROOT/bpf/build/$1/runner" "$object" || code=$?
    echo "guest: end $(basename "$object") $code"
  done
  [[ ${BENCH:-} == yes ]] || return 0
  for object in "$ROOT/bpf/build/$1"/http_*.bpf.o; do
    "$ROOT/bpf/build/$1/bench" "$object" 2>&1 | sed "s/^/guest: bench $(basename "$object" .bpf.o) /"
  done
}

# bench_of LOG: of each object, what its hooks take for a request of HTTP/1 to a server.
bench_of() { sed -nE 's/^guest: bench (\S+) (.{11}) .* sum +(-?[0-9]+) ns .*/\1, \2 \3 ns per request/p' "$1"; }

judge() {
  local bad=0 new
  objects_of "$@" || bad=1
  if new=$(check_figures "$1-$2" "$3"); then row "$1-$2" passed "the verifier's figures" passed; else row "$1-$2" failed "the verifier's figures" passed "$new" || bad=1; fi
  { [[ -z $new ]] || printf '%s\n' "$new"; load_times "$3"; bench_of "$3"; } | sed 's/^/    /'
  tests_of "$@" || bad=1
  return $bad
}

# row KERNEL RESULT WHAT EXPECTED REASON…
row() {
  printf '%-14s %-12s %s\n' "$1" "$2" "$3"
  if [[ $2 == "$4" ]]; then told passed "$3 on Linux $1"; return; fi
  told failed "$3 on Linux $1" "${*:5}"
  return 1
}

objects_of() {
  local version=$1 machine=$2 log=$3 object bad=0
  for object in "$ROOT/bpf/build/$machine"/*.bpf.o; do
    object=$(basename "$object")
    row "$version-$machine" "$(verdict "$object" "$log")" "$object" "$(expected "$object" "$version")" "$(said "$object" "$log" | tail -1)" && continue
    bad=1
    said "$object" "$log" | tail -25 | sed 's/^/    /'
    grep -q "^guest: end $object" "$log" || tail -15 "$log" | sed 's/^/    /'
  done
  return $bad
}

# Rows of the tests that ran in the guest; they have to come to their end.
tests_of() {
  local version=$1 machine=$2 log=$3 kind outcome name seconds bad=0
  grep -q '^guest: tests$' "$log" || { [[ ! -e $log.share.log ]] || { row "$version-$machine" failed "tests" passed "did not begin"; return; }; return 0; }
  while IFS=$'\t' read -r kind outcome name seconds; do
    if [[ $outcome == 'not here' ]]; then
      printf '%-14s %-12s %s\n' "$version-$machine" "$outcome" "$name"
    else
      row "$version-$machine" "$outcome" "$name ($seconds s)" passed "see $log" || bad=1
    fi
  done < <(grep $'^guest: test\t' "$log")
  ((bad == 0)) || grep -A6 $'^guest: test\tfailed' "$log" | sed 's/^/    /'
  grep -q '^guest: tests ended 0' "$log" || { row "$version-$machine" failed "tests" passed "did not end"; bad=1; }
  return $bad
}

# told OUTCOME NAME REASON, until the kernel's run is over.
told() { TOLD+=("$1"$'\t'"$2"$'\t'"${*:3}"); }

tell_results() {
  local line outcome name why
  [[ $(type -t result) == function ]] || return 0
  for line in "${TOLD[@]}"; do
    IFS=$'\t' read -r -d '' outcome name why <<<"$line" || true
    result kernels "$outcome" "$name" "${why%$'\n'}"
  done
}
