package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Raw layer: libbpf's wrappers of bpf(2), by descriptor. Each returns 0 or more, or -errno. */
final class BpfCalls {
    private static final Symbols LIBBPF =
            new Symbols(Libbpf.SONAME, SymbolLookup.libraryLookup(Libbpf.SONAME, Arena.global()));

    private static final MethodHandle bpf_map_update_elem =
            LIBBPF.handle("bpf_map_update_elem", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle bpf_map_lookup_elem =
            LIBBPF.handle("bpf_map_lookup_elem", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle bpf_map_delete_elem =
            LIBBPF.handle("bpf_map_delete_elem", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_map_get_next_key =
            LIBBPF.handle("bpf_map_get_next_key", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle bpf_map_lookup_batch = LIBBPF.handle(
            "bpf_map_lookup_batch", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle bpf_prog_test_run_opts =
            LIBBPF.handle("bpf_prog_test_run_opts", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_obj_get_info_by_fd =
            LIBBPF.handle("bpf_obj_get_info_by_fd", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

    private BpfCalls() {}

    static int bpf_map_update_elem(int fd, MemorySegment key, MemorySegment value, long flags) {
        try {
            return (int) bpf_map_update_elem.invokeExact(fd, key, value, flags);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map_lookup_elem(int fd, MemorySegment key, MemorySegment value) {
        try {
            return (int) bpf_map_lookup_elem.invokeExact(fd, key, value);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map_delete_elem(int fd, MemorySegment key) {
        try {
            return (int) bpf_map_delete_elem.invokeExact(fd, key);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map_get_next_key(int fd, MemorySegment key, MemorySegment next) {
        try {
            return (int) bpf_map_get_next_key.invokeExact(fd, key, next);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map_lookup_batch(
            int fd,
            MemorySegment in,
            MemorySegment out,
            MemorySegment keys,
            MemorySegment values,
            MemorySegment count) {
        try {
            return (int) bpf_map_lookup_batch.invokeExact(fd, in, out, keys, values, count, MemorySegment.NULL);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_prog_test_run_opts(int fd, MemorySegment opts) {
        try {
            return (int) bpf_prog_test_run_opts.invokeExact(fd, opts);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_obj_get_info_by_fd(int fd, MemorySegment info, MemorySegment length) {
        try {
            return (int) bpf_obj_get_info_by_fd.invokeExact(fd, info, length);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }
}
