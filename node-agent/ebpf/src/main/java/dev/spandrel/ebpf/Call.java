package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/**
 * Raw layer: a function of up to six integers and pointers. All are called as if they took six words: linking a shape costs milliseconds, and one that loads a program needs
 * a dozen functions. Registers that a function does not look at do no harm; of a result that is an int, callers take the lower half.
 */
record Call(MethodHandle handle) {
    private static final FunctionDescriptor WORDS =
            FunctionDescriptor.of(JAVA_LONG, Collections.nCopies(6, JAVA_LONG).toArray(MemoryLayout[]::new));
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Errno.LAYOUT));

    static Call of(Symbols library, String name) {
        return new Call(library.handle(name, WORDS, Errno.CAPTURE));
    }

    /** What it returns. Memory that a word is the address of has to live until then. */
    long word(long a, long b, long c, long d, long e, long f) {
        try {
            return (long) handle.invokeExact(STATE.get(), a, b, c, d, e, f);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** Of a function that returns an int. */
    int integer(long a, long b, long c, long d) {
        return (int) word(a, b, c, d, 0, 0);
    }

    /** Of a function that returns -1 and sets errno when it fails: -errno then. */
    int orErrno(long a, long b, long c, long d) {
        int result = integer(a, b, c, d);
        return result >= 0 ? result : -errno();
    }

    /** Of this thread's last call. */
    static int errno() {
        return Errno.of(STATE.get());
    }
}
