package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Raw layer: libbpf's wrappers of bpf(2), by descriptor. Each returns 0 or more, or -errno. */
final class BpfCalls {
    private static final Symbols LIBBPF =
            new Symbols(Libbpf.SONAME, SymbolLookup.libraryLookup(Libbpf.SONAME, Arena.global()));

    private static final Call bpf_map_update_elem = Call.of(LIBBPF, "bpf_map_update_elem");
    private static final Call bpf_map_lookup_elem = Call.of(LIBBPF, "bpf_map_lookup_elem");
    private static final Call bpf_map_delete_elem = Call.of(LIBBPF, "bpf_map_delete_elem");
    private static final Call bpf_map_get_next_key = Call.of(LIBBPF, "bpf_map_get_next_key");
    private static final Call bpf_prog_test_run_opts = Call.of(LIBBPF, "bpf_prog_test_run_opts");
    private static final Call bpf_obj_get_info_by_fd = Call.of(LIBBPF, "bpf_obj_get_info_by_fd");

    /** Has one argument more than others. */
    private static final class Batch {
        static final MethodHandle bpf_map_lookup_batch = LIBBPF.handle(
                "bpf_map_lookup_batch", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    }

    private BpfCalls() {}

    static int bpf_map_update_elem(int fd, MemorySegment key, MemorySegment value, long flags) {
        return bpf_map_update_elem.integer(fd, key.address(), value.address(), flags);
    }

    static int bpf_map_lookup_elem(int fd, MemorySegment key, MemorySegment value) {
        return bpf_map_lookup_elem.integer(fd, key.address(), value.address(), 0);
    }

    static int bpf_map_delete_elem(int fd, MemorySegment key) {
        return bpf_map_delete_elem.integer(fd, key.address(), 0, 0);
    }

    static int bpf_map_get_next_key(int fd, MemorySegment key, MemorySegment next) {
        return bpf_map_get_next_key.integer(fd, key.address(), next.address(), 0);
    }

    static int bpf_map_lookup_batch(
            int fd,
            MemorySegment in,
            MemorySegment out,
            MemorySegment keys,
            MemorySegment values,
            MemorySegment count) {
        try {
            return (int) Batch.bpf_map_lookup_batch.invokeExact(fd, in, out, keys, values, count, MemorySegment.NULL);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_prog_test_run_opts(int fd, MemorySegment opts) {
        return bpf_prog_test_run_opts.integer(fd, opts.address(), 0, 0);
    }

    static int bpf_obj_get_info_by_fd(int fd, MemorySegment info, MemorySegment length) {
        return bpf_obj_get_info_by_fd.integer(fd, info.address(), length.address(), 0);
    }
}
