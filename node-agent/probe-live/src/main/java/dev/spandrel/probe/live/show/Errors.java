package dev.spandrel.probe.live.show;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What the C library says of an error's number. */
final class Errors {
    private static final int LONGEST = 256;
    private static final MethodHandle STRERROR = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("strerror").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private Errors() {}

    static synchronized String text(int number) {
        try {
            var text = (MemorySegment) STRERROR.invokeExact(number);
            return text.reinterpret(LONGEST).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException("strerror", e);
        }
    }
}
