package dev.spandrel.ebpf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The kernel's descriptions of its tracepoints. Where nobody has mounted them, a mount of our own that no directory shows. */
public final class Tracefs {
    private static final List<Path> MOUNTS =
            List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));
    private static final Optional<Path> EVENTS = find();

    private Tracefs() {}

    /** The folder with a folder per category. Empty: it cannot be mounted. */
    public static Optional<Path> events() {
        return EVENTS;
    }

    private static Optional<Path> find() {
        for (Path mount : MOUNTS)
            if (Files.isDirectory(mount.resolve("events"))) return Optional.of(mount.resolve("events"));
        int mount = Kernel.detachedMount("tracefs");
        if (mount < 0) return Optional.empty();
        var events = Path.of("/proc/self/fd/" + mount + "/events");
        return Files.isDirectory(events) ? Optional.of(events) : Optional.empty();
    }
}
