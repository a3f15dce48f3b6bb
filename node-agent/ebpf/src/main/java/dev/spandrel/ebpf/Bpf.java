package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** bpf(2) without an object file: maps and programs that were made at run time. */
public final class Bpf {
    private static final int ATTRIBUTE_BYTES = 152;
    private static final int MAP_CREATE = 0;
    private static final int PROG_LOAD = 5;
    private static final int OBJ_GET_INFO = 15;
    private static final int ENABLE_STATS = 32;
    private static final int MOST_NAME = 15;
    private static final int LOG_BYTES = 4 << 20;
    private static final int NO_PREALLOC = 1;

    /** What loading gives: a program, or the kernel's reason and the verifier's log. */
    public sealed interface Loaded {
        record Program(LoadedProgram program) implements Loaded {}

        record Refused(int errno, String reason, String log) implements Loaded {}
    }

    private Bpf() {}

    /** Closed with {@link #close}. Hash maps take memory for an entry when it is made. */
    public static BpfMap createMap(String name, MapType type, int keySize, int valueSize, int maxEntries) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, type.number());
            attributes.set(JAVA_INT, 4, keySize);
            attributes.set(JAVA_INT, 8, valueSize);
            attributes.set(JAVA_INT, 12, maxEntries);
            boolean hash = type == MapType.HASH || type == MapType.PERCPU_HASH;
            attributes.set(JAVA_INT, 16, hash ? NO_PREALLOC : 0);
            name(attributes, 28, name);
            int fd = Kernel.bpf(MAP_CREATE, attributes);
            if (fd < 0) throw new BpfException("creating map " + name, -fd);
            return new BpfMap(name, type, fd, keySize, valueSize, maxEntries);
        }
    }

    /** What a tail call to index 0 goes to: the program of a loaded object. Closed with {@link #close}. */
    public static BpfMap programArray(BpfProgram program) {
        var array = createMap("program", MapType.PROGRAM_ARRAY, Integer.BYTES, Integer.BYTES, 1);
        try {
            program.putInto(array, 0);
            return array;
        } catch (BpfException e) {
            close(array);
            throw e;
        }
    }

    public static void close(BpfMap map) {
        Libc.close(map.fd());
    }

    /**
     * Loads instructions of 8 bytes each.
     *
     * @param attachTo BTF id of the kernel's type that a tracing program attaches to, else 0
     */
    public static Loaded load(String name, ProgramType type, long[] instructions, int attachTo) {
        return load(name, type, instructions, attachTo, new int[0]);
    }

    /** @param functions where those begin that the kernel calls for each entry of a map */
    public static Loaded load(String name, ProgramType type, long[] instructions, int attachTo, int[] functions) {
        int types = functions.length == 0 ? 0 : FunctionTypes.load();
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, type.number);
            attributes.set(JAVA_INT, 4, instructions.length);
            attributes.set(
                    JAVA_LONG, 8, arena.allocateFrom(JAVA_LONG, instructions).address());
            attributes.set(JAVA_LONG, 16, arena.allocateFrom("GPL").address());
            name(attributes, 48, name);
            attributes.set(JAVA_INT, 68, type.attachType);
            attributes.set(JAVA_INT, 108, attachTo);
            if (types != 0) {
                attributes.set(JAVA_INT, 72, types);
                attributes.set(JAVA_INT, 76, 2 * Integer.BYTES);
                var information = arena.allocateFrom(JAVA_INT, FunctionTypes.information(functions));
                attributes.set(JAVA_LONG, 80, information.address());
                attributes.set(JAVA_INT, 88, 1 + functions.length);
            }
            int fd = Kernel.bpf(PROG_LOAD, attributes);
            if (fd >= 0) return new Loaded.Program(new LoadedProgram(name, type, fd));
            return refused(attributes, arena, fd);
        } finally {
            if (types != 0) Libc.close(types);
        }
    }

    /** Once more, to be told why. */
    private static Loaded refused(MemorySegment attributes, Arena arena, int first) {
        var log = arena.allocate(LOG_BYTES);
        attributes.set(JAVA_INT, 24, 1);
        attributes.set(JAVA_INT, 28, LOG_BYTES);
        attributes.set(JAVA_LONG, 32, log.address());
        int fd = Kernel.bpf(PROG_LOAD, attributes);
        if (fd >= 0) Libc.close(fd);
        // A log longer than its room would be an error of its own.
        int errno = -first;
        return new Loaded.Refused(errno, Libc.strerror(errno), log.getString(0));
    }

    /** The kernel counts what programs take until this is closed. Empty where it may not be asked to: it takes CAP_SYS_ADMIN. */
    public static Optional<AutoCloseable> countRunTime() {
        try (var arena = Arena.ofConfined()) {
            int fd = Kernel.bpf(ENABLE_STATS, arena.allocate(8, 8)); // type 0: BPF_STATS_RUN_TIME
            return fd < 0 ? Optional.empty() : Optional.of(() -> Libc.close(fd));
        }
    }

    /** The kernel's id and counts of a program: id, runs, nanoseconds. Counts need kernel.bpf_stats_enabled. */
    static long[] statistics(int fd) {
        try (var arena = Arena.ofConfined()) {
            var information = arena.allocate(256, 8);
            var attributes = arena.allocate(16, 8);
            attributes.set(JAVA_INT, 0, fd);
            attributes.set(JAVA_INT, 4, 256);
            attributes.set(JAVA_LONG, 8, information.address());
            int done = Kernel.bpf(OBJ_GET_INFO, attributes);
            if (done < 0) throw new BpfException("BPF_OBJ_GET_INFO_BY_FD", -done);
            return new long[] {
                information.get(JAVA_INT, 4), information.get(JAVA_LONG, 200), information.get(JAVA_LONG, 192)
            };
        }
    }

    private static void name(MemorySegment attributes, int at, String name) {
        var plain = name.replaceAll("[^A-Za-z0-9_.]", "_").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < Math.min(plain.length, MOST_NAME); i++)
            attributes.set(java.lang.foreign.ValueLayout.JAVA_BYTE, at + i, plain[i]);
    }
}
