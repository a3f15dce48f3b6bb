package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** A name in a BPF file system: what has one lives on without a process. */
final class Pin {
    private static final int OBJ_PIN = 6;
    private static final int OBJ_GET = 7;

    private Pin() {}

    static void make(Path path, int fd) {
        int done = call(OBJ_PIN, path, fd);
        if (done < 0) throw new BpfException("pinning " + path, -done);
    }

    /** A descriptor of its own. */
    static int open(Path path) {
        int fd = call(OBJ_GET, path, 0);
        if (fd < 0) throw new BpfException("opening " + path, -fd);
        return fd;
    }

    static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("unpinning " + path, e);
        }
    }

    /** A dot in a name is the file system's own. */
    static Path of(Path directory, String kind, String name) {
        return directory.resolve(kind + "_" + name.replace('.', '_'));
    }

    private static int call(int command, Path path, int fd) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(16, 8);
            attributes.set(JAVA_LONG, 0, arena.allocateFrom(path.toString()).address());
            attributes.set(JAVA_INT, 8, fd);
            return Kernel.bpf(command, attributes);
        }
    }
}
