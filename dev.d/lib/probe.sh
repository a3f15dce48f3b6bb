# The probe tool: jars of its own, so that what asks an operator starts as fast as before. Sourced; expects ROOT and toolchain.sh.
PROBE_HOME=$ROOT/node-agent/probe-live
PROBE_CACHE=$PROBE_HOME/target/probe.aot

probe_classpath() {
  local module jars=("$PROBE_HOME/target/spandrel-probe-live.jar")
  for module in probe ebpf; do jars+=("$ROOT/node-agent/$module/target/spandrel-$module-"*[0-9T].jar); done
  (IFS=:; echo "${jars[*]}")
}

# One run teaches the JVM which classes a start needs. Where BPF may not be used it knows what compiling needs.
train_probe() {
  find_java
  "$JAVA_HOME/bin/java" "@$PROBE_HOME/jvm.options" -XX:AOTCacheOutput="$PROBE_CACHE" -cp "$(probe_classpath)" dev.spandrel.probe.live.tool.Main run -q \
    -e 'BEGIN { @c[comm, 1] = count(); @h = hist(5); @l[cpu] = lhist(5, 0, 10, 2); $n = nsecs; if ($n > 5) { @start[tid] = $n; } delete(@start[tid]); printf("%s %d %s\n", comm, pid, strftime("%H", nsecs)); print(@h); clear(@l); }
      tracepoint:syscalls:sys_exit_getppid /pid == 0/ { @s = sum(args.ret); }
      tracepoint:syscalls:sys_enter_openat /pid == 0/ { @opened[str(args.filename), kstack, ustack] = count(); }
      tracepoint:sched:sched_switch /pid == 0/ { @next[args.next_comm] = max(curtask->prio); }
      uprobe:libc:getppid /pid == 0/ { @a = avg(arg0); }
      profile:hz:1 { @[probe] = count(); }
      interval:ms:1 { time("%S\n"); exit(); }' \
    >"$PROBE_HOME/target/training.log" 2>&1 || true
}

# Becomes the JVM, so that signals reach it.
run_probe() {
  local options=("@$PROBE_HOME/jvm.options")
  [[ -f $PROBE_HOME/target/spandrel-probe-live.jar ]] || { echo "spandrel: not built yet: run $ROOT/dev build" >&2; exit 3; }
  find_java
  # A cache that is older than the jars holds what they were.
  [[ ! -f $PROBE_CACHE || -n $(find "$PROBE_HOME"/target/*.jar "$ROOT"/node-agent/{probe,ebpf}/target/*.jar -newer "$PROBE_CACHE") ]] || options+=("-XX:AOTCache=$PROBE_CACHE")
  # A shell that runs a script has what it starts in the background ignore SIGINT, and a JVM leaves a signal ignored that was when it started.
  local ended_by_sigint=(env --default-signal=INT)
  "${ended_by_sigint[@]}" true 2>/dev/null || ended_by_sigint=()
  exec "${ended_by_sigint[@]}" "$JAVA_HOME/bin/java" "${options[@]}" -cp "$(probe_classpath)" dev.spandrel.probe.live.tool.Main "$@"
}
