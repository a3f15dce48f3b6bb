package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Raw layer: the calls of libc that libbpf has no word for. Failures are returned as -errno. */
final class Libc {
    private static final Symbols LIBC =
            new Symbols("libc", Linker.nativeLinker().defaultLookup());

    private static final MethodHandle strerror = LIBC.handle("strerror", ADDRESS, JAVA_INT);
    private static final MethodHandle open = LIBC.handleWithErrno("open", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle read = LIBC.handleWithErrno("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle flock = LIBC.handleWithErrno("flock", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle close = LIBC.handle("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle statx =
            LIBC.handle("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle mmap =
            LIBC.handleWithErrno("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle munmap = LIBC.handle("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle getpagesize = LIBC.handle("getpagesize", JAVA_INT);
    private static final MethodHandle memfd_create = LIBC.handleWithErrno("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle eventfd = LIBC.handleWithErrno("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle eventfd_write = LIBC.handle("eventfd_write", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle epoll_create1 = LIBC.handleWithErrno("epoll_create1", JAVA_INT, JAVA_INT);
    private static final MethodHandle epoll_ctl =
            LIBC.handleWithErrno("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle epoll_wait =
            LIBC.handleWithErrno("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

    static final int O_DIRECTORY_CLOEXEC = (isArm() ? 0x4000 : 0x10000) | 0x80000;
    static final int O_RDONLY_CLOEXEC = 0x80000;
    static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    static final int MFD_CLOEXEC = 1;
    static final int EPOLL_CLOEXEC = 0x80000;
    static final int LOCK_EX_NB = 2 | 4;
    static final int PROT_READ = 1;
    static final int PROT_READ_WRITE = 3;
    static final int MAP_SHARED = 1;
    /** struct statx is the same on all architectures. */
    private static final int STATX_BYTES = 256;

    private static final int STX_INO = 32;
    private static final int STATX_INO = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;

    private Libc() {}

    static boolean isArm() {
        return Machine.name().equals("aarch64");
    }

    static String strerror(int errno) {
        try {
            return ((MemorySegment) strerror.invokeExact(errno))
                    .reinterpret(256)
                    .getString(0);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int open(String path, int flags) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            int fd = (int) open.invokeExact(state, arena.allocateFrom(path), flags);
            return fd >= 0 ? fd : -Errno.of(state);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** Into the whole of {@code to}; 0 at the end. */
    static long read(int fd, MemorySegment to) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            long done = (long) read.invokeExact(state, fd, to, to.byteSize());
            return done >= 0 ? done : -Errno.of(state);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int flock(int fd, int operation) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            int done = (int) flock.invokeExact(state, fd, operation);
            return done >= 0 ? done : -Errno.of(state);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static void close(int fd) {
        try {
            int ignored = (int) close.invokeExact(fd);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** The inode number of an open file; 0 if it cannot be told. */
    static long inode(int fd) {
        try (var arena = Arena.ofConfined()) {
            var status = arena.allocate(STATX_BYTES, 8);
            int done = (int) statx.invokeExact(fd, arena.allocateFrom(""), AT_EMPTY_PATH, STATX_INO, status);
            return done == 0 ? status.get(JAVA_LONG, STX_INO) : 0;
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** Unmapped when the arena closes. */
    static MemorySegment mmap(Arena owner, long length, int protection, int fd, long offset, String what) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            var mapped = (MemorySegment)
                    mmap.invokeExact(state, MemorySegment.NULL, length, protection, MAP_SHARED, fd, offset);
            if (mapped.address() == -1) throw new BpfException("mmap of " + what, Errno.of(state));
            return mapped.reinterpret(length, owner, Libc::munmap);
        } catch (BpfException e) {
            throw e;
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    private static void munmap(MemorySegment mapped) {
        try {
            int ignored = (int) munmap.invokeExact(mapped, mapped.byteSize());
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int pageSize() {
        try {
            return (int) getpagesize.invokeExact();
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int memfd(String name) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            int fd = (int) memfd_create.invokeExact(state, arena.allocateFrom(name), MFD_CLOEXEC);
            return fd >= 0 ? fd : -Errno.of(state);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int eventfd() {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            int fd = (int) eventfd.invokeExact(state, 0, EFD_CLOEXEC_NONBLOCK);
            return fd >= 0 ? fd : -Errno.of(state);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static void eventfdWrite(int fd) {
        try {
            int ignored = (int) eventfd_write.invokeExact(fd, 1L);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int epollCreate() {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            int fd = (int) epoll_create1.invokeExact(state, EPOLL_CLOEXEC);
            return fd >= 0 ? fd : -Errno.of(state);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int epollAdd(int epoll, int fd, MemorySegment event) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            int done = (int) epoll_ctl.invokeExact(state, epoll, 1, fd, event);
            return done >= 0 ? done : -Errno.of(state);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** `state` and `events` belong to the caller: this is called in a loop. */
    static int epollWait(MemorySegment state, int epoll, MemorySegment events, int count, int millis) {
        try {
            int ready = (int) epoll_wait.invokeExact(state, epoll, events, count, millis);
            return ready >= 0 ? ready : -Errno.of(state);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }
}
