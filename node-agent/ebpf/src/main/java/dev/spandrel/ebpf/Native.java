package dev.spandrel.ebpf;

import java.lang.invoke.MethodHandles;
import java.util.List;

/** Whether BPF can be used by this process, as a value. */
public sealed interface Native {
    /** libbpf is loaded; everything else in this package may be used. */
    record Supported(String libbpfVersion) implements Native {}

    /** `reason` is what is missing, `action` what a person can do about it. */
    record Unsupported(String reason, String action) implements Native {}

    /** Loads libbpf. May be called again; never throws. */
    static Native load() {
        try {
            Libbpf.libbpf_set_print(LibbpfLog.callback());
            return new Supported(Libbpf.libbpf_version_string());
        } catch (IllegalCallerException e) {
            return new Unsupported(
                    "native access is not enabled", "start java with --enable-native-access=ALL-UNNAMED");
        } catch (LinkageError | IllegalArgumentException e) {
            return new Unsupported(
                    Libbpf.SONAME + " (1.0 or newer) could not be loaded: " + rootMessage(e),
                    "install it (Debian and Ubuntu: apt-get install libbpf1, Fedora: dnf install libbpf)");
        }
    }

    /** Links the calls that loading makes, of which each new kind costs milliseconds: for a process that is going to load, before it has to. Throws nothing: who needs them is told by load(). */
    static void prepare() {
        try {
            for (var calls : List.of(Libc.class, BpfCalls.class, Kernel.class))
                MethodHandles.lookup().ensureInitialized(calls);
        } catch (IllegalAccessException | LinkageError e) {
            return;
        }
    }

    private static String rootMessage(Throwable t) {
        while (t.getCause() != null) t = t.getCause();
        return String.valueOf(t.getMessage());
    }
}
