package dev.spandrel.ebpf;

import java.lang.foreign.MemorySegment;

/** A program attached to something; closing detaches it. */
public final class Link implements AutoCloseable {
    private final String program;
    private final Runnable detach;
    private boolean open = true;

    private Link(String program, Runnable detach) {
        this.program = program;
        this.detach = detach;
    }

    /** Of libbpf's. */
    static Link of(String program, MemorySegment link) {
        return new Link(program, () -> {
            int result = Libbpf.bpf_link__destroy(link);
            if (result < 0) throw new BpfException("bpf_link__destroy(" + program + ")", -result);
        });
    }

    static Link of(String program, Runnable detach) {
        return new Link(program, detach);
    }

    /** A file descriptor. */
    static Link of(String program, int link) {
        return new Link(program, () -> Libc.close(link));
    }

    public String program() {
        return program;
    }

    @Override
    public synchronized void close() {
        if (!open) return;
        open = false;
        detach.run();
    }
}
