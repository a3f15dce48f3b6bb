package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Something that a program is attached to through perf_event_open(2). */
public final class PerfEvent implements AutoCloseable {
    public static final int EVERY_PROCESS = -1;

    private static final int ATTRIBUTE_BYTES = 128;
    private static final int HARDWARE = 0;
    private static final int SOFTWARE = 1;
    private static final int TRACEPOINT = 2;
    private static final int BREAKPOINT = 5;
    private static final int EXECUTE = 4;
    private static final long INHERITED = 1 << 1;
    private static final long FREQUENCY = 1 << 10;
    private static final long ENABLE = 0x2400;
    private static final Path KPROBES = Path.of("/sys/bus/event_source/devices/kprobe/type");
    private static final Path UPROBES = Path.of("/sys/bus/event_source/devices/uprobe/type");

    private final String what;
    private final int fd;

    private PerfEvent(String what, int fd) {
        this.what = what;
        this.fd = fd;
    }

    /** Fires on every CPU. */
    public static PerfEvent tracepoint(String name, int id) {
        return open("tracepoint " + name, TRACEPOINT, id, 1, false, "", 0, EVERY_PROCESS, 0);
    }

    /** Each so many events on one CPU. */
    public static PerfEvent software(String name, int event, long period, int cpu) {
        return open(name, SOFTWARE, event, period, false, "", 0, EVERY_PROCESS, cpu);
    }

    /** So many times a second on one CPU. */
    public static PerfEvent frequency(String name, long hertz, int cpu) {
        return open(name, SOFTWARE, 0, hertz, true, "", 0, EVERY_PROCESS, cpu);
    }

    public static PerfEvent hardware(String name, int event, long period, int cpu) {
        return open(name, HARDWARE, event, period, false, "", 0, EVERY_PROCESS, cpu);
    }

    /**
     * Each access to a place in memory, by one thread and those that it makes from now on, or on one CPU by all.
     *
     * @param access a sum of 1 (read), 2 (write) and 4 (execute)
     */
    public static PerfEvent watchpoint(String name, long address, int bytes, int access, int thread, int cpu) {
        try (var arena = Arena.ofConfined()) {
            var attributes = attributes(arena, BREAKPOINT, 0, 1, thread == EVERY_PROCESS ? 0 : INHERITED);
            attributes.set(JAVA_INT, 52, access);
            attributes.set(JAVA_LONG, 56, address);
            attributes.set(JAVA_LONG, 64, access == EXECUTE ? Long.BYTES : bytes);
            return open(name, attributes, thread, cpu);
        }
    }

    /**
     * At an instruction of a file.
     *
     * @param offset in the file
     * @param counter where in the file a static probe's counter of listeners is; 0: there is none
     * @param pid of one process, or {@link #EVERY_PROCESS}
     */
    public static PerfEvent uprobe(String path, long offset, boolean atReturn, long counter, int pid) {
        long config = (atReturn ? 1 : 0) | counter << 32;
        return open(
                (atReturn ? "uretprobe " : "uprobe ") + path + "+" + offset,
                dynamicType(UPROBES),
                config,
                1,
                false,
                path,
                offset,
                pid,
                pid == EVERY_PROCESS ? 0 : -1);
    }

    /** At a function of the kernel, so many bytes behind its first. */
    public static PerfEvent kprobe(String function, long offset, boolean atReturn) {
        return open(
                (atReturn ? "kretprobe " : "kprobe ") + function,
                dynamicType(KPROBES),
                atReturn ? 1 : 0,
                1,
                false,
                function,
                offset,
                EVERY_PROCESS,
                0);
    }

    private static int dynamicType(Path file) {
        try {
            return Integer.parseInt(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            throw new BpfException("the kernel has no such probes: " + file + " cannot be read");
        }
    }

    private static PerfEvent open(
            String what,
            int type,
            long config,
            long period,
            boolean frequency,
            String path,
            long offset,
            int pid,
            int cpu) {
        try (var arena = Arena.ofConfined()) {
            var attributes = attributes(arena, type, config, period, frequency ? FREQUENCY : 0);
            if (!path.isEmpty()) {
                attributes.set(JAVA_LONG, 56, arena.allocateFrom(path).address());
                attributes.set(JAVA_LONG, 64, offset);
            }
            return open(what, attributes, pid, cpu);
        }
    }

    private static MemorySegment attributes(Arena arena, int type, long config, long period, long flags) {
        var attributes = arena.allocate(ATTRIBUTE_BYTES, 8);
        attributes.set(JAVA_INT, 0, type);
        attributes.set(JAVA_INT, 4, ATTRIBUTE_BYTES);
        attributes.set(JAVA_LONG, 8, config);
        attributes.set(JAVA_LONG, 16, period);
        attributes.set(JAVA_LONG, 40, flags);
        attributes.set(JAVA_INT, 48, 1);
        return attributes;
    }

    private static PerfEvent open(String what, MemorySegment attributes, int pid, int cpu) {
        int fd = Kernel.perfEventOpen(attributes, pid, cpu);
        if (fd < 0) throw new BpfException("perf_event_open for " + what, -fd);
        return new PerfEvent(what, fd);
    }

    int fd() {
        return fd;
    }

    String what() {
        return what;
    }

    public void enable() {
        int done = Kernel.ioctl(fd, ENABLE, 0);
        if (done < 0) throw new BpfException("enabling " + what, -done);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
