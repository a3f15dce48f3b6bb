package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** errno as the linker captures it, and the few values that mean more than a failure. */
final class Errno {
    static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long OFFSET = LAYOUT.byteOffset(PathElement.groupElement("errno"));

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int EEXIST = 17;

    private Errno() {}

    static int of(MemorySegment state) {
        return state.get(JAVA_INT, OFFSET);
    }
}
