package dev.spandrel.ebpf;

/** Program types, each with what it expects to be attached to. */
public enum ProgramType {
    KPROBE(2, 0),
    /** Attached by a link of its own, see {@link Features#uprobeLinks}. */
    LINKED_UPROBE(2, UprobeLink.ATTACH_TYPE),
    TRACEPOINT(5, 0),
    PERF_EVENT(7, 0),
    RAW_TRACEPOINT(17, 0),
    /** A raw tracepoint whose arguments have the kernel's types. */
    TYPED_TRACEPOINT(26, 23),
    /** Of the kernel's functions, likewise with types. */
    FUNCTION_ENTRY(26, 24),
    FUNCTION_EXIT(26, 25),
    /** Of the kernel's objects of a kind, likewise. */
    ITERATOR(26, 28);

    final int number;
    final int attachType;

    ProgramType(int number, int attachType) {
        this.number = number;
        this.attachType = attachType;
    }
}
