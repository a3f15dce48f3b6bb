package dev.spandrel.probe.live;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.spandrel.ebpf.Feature;
import dev.spandrel.ebpf.Features;
import dev.spandrel.ebpf.Native;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says why a kernel test cannot run here; with CI=true that is a failure. */
final class KernelRung {
    private KernelRung() {}

    static void require() {
        if (Native.load() instanceof Native.Unsupported(var reason, var action)) cannotRun(reason + ": " + action);
        if (Features.capabilities() instanceof Feature.Unsupported missing) cannotRun(missing.toString());
        if (Features.detect().btf() instanceof Feature.Unsupported missing) cannotRun(missing.toString());
    }

    static void requireBpftrace() {
        if (!Files.isExecutable(Path.of("/usr/bin/bpftrace")))
            cannotRun("bpftrace is missing: apt-get install bpftrace");
    }

    static void require(Path program, String of) {
        if (!Files.isExecutable(program)) cannotRun(program + " is missing: apt-get install " + of);
    }

    static void requireWatchpoints() {
        if (!Files.isDirectory(Path.of("/sys/bus/event_source/devices/breakpoint")))
            cannotRun("the kernel has no hardware breakpoints");
    }

    private static void cannotRun(String why) {
        if ("true".equals(System.getenv("CI"))) throw new AssertionError("this rung should run in CI, but " + why);
        abort("kernel tests cannot run here: " + why);
    }
}
