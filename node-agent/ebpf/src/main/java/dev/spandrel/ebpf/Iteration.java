package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/** Runs an iterator's program once for each object that there is now, on the thread that asks; it writes nothing. */
final class Iteration {
    private static final int LINK_CREATE = 28;
    private static final int ITER_CREATE = 33;
    /** So many objects at a time, and on with the next ones. */
    private static final int EAGAIN = 11;

    private Iteration() {}

    /** By descriptors: of the program, and of the map whose entries it is for. */
    static void run(int program, String name, OptionalInt map) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(64, 8);
            attributes.set(JAVA_INT, 0, program);
            attributes.set(JAVA_INT, 8, ProgramType.ITERATOR.attachType);
            if (map.isPresent()) {
                attributes.set(
                        JAVA_LONG,
                        16,
                        arena.allocateFrom(JAVA_INT, map.getAsInt()).address());
                attributes.set(JAVA_INT, 24, Integer.BYTES);
            }
            int link = Kernel.bpf(LINK_CREATE, attributes);
            if (link < 0) throw new BpfException("attaching " + name, -link);
            try {
                read(link, name, arena);
            } finally {
                Libc.close(link);
            }
        }
    }

    /** Reading is what runs the program. */
    private static void read(int link, String name, Arena arena) {
        MemorySegment attributes = arena.allocate(8, 8);
        attributes.set(JAVA_INT, 0, link);
        int iterator = Kernel.bpf(ITER_CREATE, attributes);
        if (iterator < 0) throw new BpfException("iterating with " + name, -iterator);
        try {
            var bytes = arena.allocate(4096);
            long read;
            do read = Libc.read(iterator, bytes);
            while (read > 0 || read == -EAGAIN);
            if (read < 0) throw new BpfException("iterating with " + name, (int) -read);
        } finally {
            Libc.close(iterator);
        }
    }
}
