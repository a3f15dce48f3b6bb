package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What libbpf prints: kept while a thread records it, else logged at debug level. */
final class LibbpfLog {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.ebpf");
    private static final int MAX_LINE = 1 << 16;
    private static final int LIBBPF_DEBUG = 2;

    // va_list reaches both functions as an address: an array on x86-64, a struct passed by reference on arm64.
    private static final MethodHandle vsnprintf = new Symbols(
                    "libc", Linker.nativeLinker().defaultLookup())
            .handle("vsnprintf", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

    private static final ThreadLocal<@Nullable StringBuilder> RECORDING = new ThreadLocal<>();

    private LibbpfLog() {}

    record Recorded(int result, String text) {}

    /** Runs a call into libbpf and keeps what it prints on this thread. */
    static Recorded recording(IntSupplier call) {
        var text = new StringBuilder();
        RECORDING.set(text);
        try {
            int result = call.getAsInt();
            return new Recorded(result, text.toString());
        } finally {
            RECORDING.remove();
        }
    }

    static MemorySegment callback() {
        try {
            var print = MethodHandles.lookup()
                    .findStatic(
                            LibbpfLog.class,
                            "print",
                            MethodType.methodType(int.class, int.class, MemorySegment.class, MemorySegment.class));
            return Linker.nativeLinker()
                    .upcallStub(print, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("libbpf's print callback", e);
        }
    }

    /** Called by libbpf: nothing may be thrown out of here, it would end the JVM. */
    @SuppressWarnings("unused")
    private static int print(int level, MemorySegment format, MemorySegment arguments) {
        try {
            if (level == LIBBPF_DEBUG) return 0;
            var line = format(format, arguments);
            var recording = RECORDING.get();
            if (recording != null) recording.append(line);
            else LOG.log(System.Logger.Level.DEBUG, () -> line.strip());
        } catch (Throwable t) {
            return 0;
        }
        return 0;
    }

    private static String format(MemorySegment format, MemorySegment arguments) throws Throwable {
        try (var arena = Arena.ofConfined()) {
            var line = arena.allocate(MAX_LINE);
            int ignored = (int) vsnprintf.invokeExact(line, line.byteSize(), format, arguments);
            return line.getString(0);
        }
    }
}
