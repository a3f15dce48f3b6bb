package dev.spandrel.ebpf;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** Raw layer: system calls that libbpf does not wrap as they are needed here. Failures are returned as -errno. */
final class Kernel {
    private static final Symbols LIBC =
            new Symbols("libc", Linker.nativeLinker().defaultLookup());
    private static final Call syscall = Call.of(LIBC, "syscall");
    private static final Call ioctl = Call.of(LIBC, "ioctl");

    private static final long BPF = Libc.isArm() ? 280 : 321;
    private static final long PERF_EVENT_OPEN = Libc.isArm() ? 241 : 298;
    private static final long FSOPEN = 430;
    private static final long FSCONFIG = 431;
    private static final long FSMOUNT = 432;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int CLOEXEC = 1;
    private static final int PERF_FLAG_FD_CLOEXEC = 8;

    private Kernel() {}

    private static int call(long number, long a, long b, long c, long d, long e) {
        long result = syscall.word(number, a, b, c, d, e);
        return result >= 0 ? (int) result : -Call.errno();
    }

    static int bpf(int command, MemorySegment attributes) {
        return call(BPF, command, attributes.address(), attributes.byteSize(), 0, 0);
    }

    static int perfEventOpen(MemorySegment attributes, int pid, int cpu) {
        return call(PERF_EVENT_OPEN, attributes.address(), pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
    }

    static int ioctl(int fd, long request, long argument) {
        return ioctl.orErrno(fd, request, argument, 0);
    }

    /** A mount of a file system that is in no directory: it is seen through its descriptor alone. */
    static int detachedMount(String type) {
        try (var arena = Arena.ofConfined()) {
            int context = call(FSOPEN, arena.allocateFrom(type).address(), CLOEXEC, 0, 0, 0);
            if (context < 0) return context;
            int made = call(FSCONFIG, context, FSCONFIG_CMD_CREATE, 0, 0, 0);
            int mount = made < 0 ? made : call(FSMOUNT, context, CLOEXEC, 0, 0, 0);
            Libc.close(context);
            return mount;
        }
    }
}
