package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How this kernel's functions can be probed, by what other programs than ours say. */
final class KernelFunctions {
    private KernelFunctions() {}

    /** kprobe and kretprobe. */
    static boolean haveBreakpoints() {
        return Files.exists(Path.of("/sys/bus/event_source/devices/kprobe"));
    }

    /** fentry and fexit; some machines forbid what their kernel could do. */
    static boolean haveTrampolines() {
        return haveRoomForCalls() && !areRefusedToAnybody();
    }

    static boolean haveRoomForCalls() {
        try {
            return Files.readString(Path.of("/proc/kallsyms")).contains(" register_ftrace_direct");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean areRefusedToAnybody() {
        try {
            return new ProcessBuilder(
                                    "bpftrace",
                                    "-e",
                                    "kfunc:find_task_by_vpid { @ = count(); } interval:ms:10 { exit(); }")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    != 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
