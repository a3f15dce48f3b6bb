package dev.spandrel.ebpf;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Makes the method handles of one library. */
record Symbols(String library, SymbolLookup lookup) {
    private static final Linker LINKER = Linker.nativeLinker();

    MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments));
    }

    MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        var symbol = lookup.find(name).orElseThrow(() -> new UnsatisfiedLinkError(library + " has no " + name));
        return LINKER.downcallHandle(symbol, descriptor, options);
    }

    /** The handle takes the segment that receives errno as its first argument. */
    MethodHandle handleWithErrno(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments), Errno.CAPTURE);
    }

    /** Handles declare Throwable, but a downcall throws only for a mistake in our own code. */
    static Error unexpected(Throwable t) {
        return t instanceof Error error ? error : new AssertionError("downcall failed", t);
    }
}
