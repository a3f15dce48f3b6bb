package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/** A program that {@link Bpf#load} loaded. What {@link #attach attaches} it lives on until it is closed itself. */
public final class LoadedProgram implements AutoCloseable {
    private static final int PROG_TEST_RUN = 10;
    private static final int RAW_TRACEPOINT_OPEN = 17;
    private static final int LINK_CREATE = 28;
    private static final int BPF_PERF_EVENT = 41;

    private final String name;
    private final ProgramType type;
    private final int fd;

    LoadedProgram(String name, ProgramType type, int fd) {
        this.name = name;
        this.type = type;
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    public String name() {
        return name;
    }

    public ProgramType type() {
        return type;
    }

    /** To a raw tracepoint; a typed one knows its own. */
    public AutoCloseable attachTracepoint(String tracepoint) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(24, 8);
            var named = type == ProgramType.RAW_TRACEPOINT ? arena.allocateFrom(tracepoint) : MemorySegment.NULL;
            attributes.set(JAVA_LONG, 0, named.address());
            attributes.set(JAVA_INT, 8, fd);
            return link(Kernel.bpf(RAW_TRACEPOINT_OPEN, attributes), tracepoint);
        }
    }

    /** To a perf event; the program reads `cookie` with bpf_get_attach_cookie. */
    public AutoCloseable attach(PerfEvent event, long cookie) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(64, 8);
            attributes.set(JAVA_INT, 0, fd);
            attributes.set(JAVA_INT, 4, event.fd());
            attributes.set(JAVA_INT, 8, BPF_PERF_EVENT);
            attributes.set(JAVA_LONG, 16, cookie);
            return link(Kernel.bpf(LINK_CREATE, attributes), event.what());
        }
    }

    /** To many places of a file by one link. */
    public AutoCloseable attach(Uprobes probes) {
        return link(UprobeLink.create(fd, probes), probes.sites().size() + " places of " + probes.path());
    }

    private AutoCloseable link(int link, String to) {
        if (link < 0) throw new BpfException("attaching " + name + " to " + to, -link);
        return () -> Libc.close(link);
    }

    /** Runs a raw tracepoint's program once, here. */
    public void run() {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(80, 8);
            attributes.set(JAVA_INT, 0, fd);
            int done = Kernel.bpf(PROG_TEST_RUN, attributes);
            if (done < 0) throw new BpfException("running " + name, -done);
        }
    }

    /** Runs an iterator's program for each object that there is now, here. */
    public void runForEach() {
        Iteration.run(fd, name, OptionalInt.empty());
    }

    /** Runs and nanoseconds; they count while kernel.bpf_stats_enabled is 1. */
    public Statistics statistics() {
        var numbers = Bpf.statistics(fd);
        return new Statistics((int) numbers[0], numbers[1], numbers[2]);
    }

    public record Statistics(int id, long runs, long nanos) {}

    @Override
    public void close() {
        Libc.close(fd);
    }
}
