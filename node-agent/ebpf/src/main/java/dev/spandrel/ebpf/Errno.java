package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** Error numbers of the kernel: as the linker captures them, the few that mean more than a failure, and in words. */
public final class Errno {
    static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long OFFSET = LAYOUT.byteOffset(PathElement.groupElement("errno"));

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int EEXIST = 17;

    private Errno() {}

    /** What the C library says of a number. */
    public static String text(int number) {
        return Libc.strerror(number);
    }

    static int of(MemorySegment state) {
        return state.get(JAVA_INT, OFFSET);
    }
}
