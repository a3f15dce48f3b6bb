package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The probe language on whichever kernel this is: each program sees ten calls that nobody else makes. */
@Tag(OtherKernel.TAG)
final class ProbeKernelsE2E {
    private static final int CALLS = 10;
    /** No process has this id. */
    private static final int NOBODY = 4194000;

    private static final String LOAD = """
            python3 -S -c "
            import os
            for i in range(%d):
              try: os.getpgid(%d)
              except OSError: pass"
            """.formatted(CALLS, NOBODY);

    @TempDir
    Path directory;

    @Test
    void tracepointsUserProbesLoopsAndStacks() {
        Result result = run("""
                tracepoint:syscalls:sys_enter_getpgid /args.pid == NOBODY/ { @by[args.pid, probe] = count(); @size = hist(args.pid); @stacks[kstack(3)] = count(); }
                tracepoint:syscalls:sys_exit_getpgid /args.ret == -3/ { @missing = sum(-args.ret); }
                uprobe:libc:getpgid /arg0 == NOBODY/ { @user++; $x = @user * 7 / 2 % 5; @shown[$x] = 1; }
                uretprobe:libc:getpgid /(int32)retval == -1/ { @back = count(); }
                END {
                  for ($kv : @by) { printf("%d %s %d\\n", $kv.0.0, $kv.0.1, (int64)$kv.1); }
                  printf("user %d back %d missing %d stacks %d values %d\\n", @user, (int64)@back, (int64)@missing, len(@stacks), len(@shown));
                  clear(@by); clear(@size); clear(@stacks); clear(@shown);
                }
                """);
        assertThat(result.said)
                .as(result.log)
                .contains(NOBODY + " tracepoint:syscalls:sys_enter_getpgid " + CALLS)
                .contains("user 10 back 10 missing 30 stacks 1 values 5");
    }

    @Test
    void iteratorsAndTimeSeries() {
        Result result = run("""
                iter:task /ctx.task.pid == 2/ { printf("%s\\n", ctx.task.comm); }
                tracepoint:syscalls:sys_enter_getpgid /args.pid == NOBODY/ { @[args.pid] = tseries(1, 1h, 2, "sum"); }
                """);
        assertThat(result.said)
                .as(result.log)
                .contains("kthreadd")
                .anySatisfy(line -> assertThat(line).endsWith("| " + CALLS));
    }

    /** Where the kernel has them; elsewhere the program is refused with that reason. */
    @Test
    void kernelFunctionsByBreakpoint() {
        Result result = run("""
                kprobe:find_task_by_vpid /arg0 == NOBODY/ { @entries = count(); @inside[tid] = 1; @[func] = count(); }
                kretprobe:find_task_by_vpid /@inside[tid]/ { if (retval == 0) { @nothing = count(); } delete(@inside[tid]); }
                END { printf("entries %d, of nothing %d\\n", (int64)@entries, (int64)@nothing); }
                """);
        if (KernelFunctions.haveBreakpoints()) {
            assertThat(result.said)
                    .as(result.log)
                    .contains("entries 10, of nothing 10")
                    .contains("@[find_task_by_vpid]: 10");
        } else {
            assertThat(result.log).contains("this kernel refuses: it is built without kprobes");
        }
    }

    @Test
    void kernelFunctionsByTrampoline() {
        Result result = run("""
                fentry:find_task_by_vpid /args.vnr == NOBODY/ { @entries = count(); }
                fexit:find_task_by_vpid /args.vnr == NOBODY && retval == 0/ { @nothing = count(); }
                END { printf("entries %d, of nothing %d\\n", (int64)@entries, (int64)@nothing); }
                """);
        if (result.log.contains("the kernel refuses this program: Operation not permitted")) {
            assertThat(KernelFunctions.areRefusedToAnybody()).isTrue();
        } else if (KernelFunctions.haveRoomForCalls()) {
            assertThat(result.said).as(result.log).contains("entries 10, of nothing 10");
        } else {
            assertThat(result.log).contains("this kernel refuses: its functions have no room for calls");
        }
    }

    private record Result(List<String> said, String log) {}

    private Result run(String program) {
        DevProcess probe = DevProcess.start(
                directory,
                Map.of(),
                "spandrel",
                List.of("probe", "run", "-q", "-c", LOAD, "-e", program.replace("NOBODY", "" + NOBODY)));
        List<String> said = probe.output().lines().toList();
        return new Result(said, probe.log());
    }
}
