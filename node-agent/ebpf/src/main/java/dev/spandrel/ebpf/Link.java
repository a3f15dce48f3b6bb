package dev.spandrel.ebpf;

import java.lang.foreign.MemorySegment;

/** A program attached to something; closing detaches it. */
public final class Link implements AutoCloseable {
    private final String program;
    private final MemorySegment link;
    private boolean open = true;

    Link(String program, MemorySegment link) {
        this.program = program;
        this.link = link;
    }

    public String program() {
        return program;
    }

    @Override
    public synchronized void close() {
        if (!open) return;
        open = false;
        int result = Libbpf.bpf_link__destroy(link);
        if (result < 0) throw new BpfException("bpf_link__destroy(" + program + ")", -result);
    }
}
