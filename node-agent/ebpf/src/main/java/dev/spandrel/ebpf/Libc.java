package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** Raw layer: the calls of libc that libbpf has no word for. Failures are returned as -errno. */
final class Libc {
    private static final Symbols LIBC =
            new Symbols("libc", Linker.nativeLinker().defaultLookup());

    private static final Call strerror = Call.of(LIBC, "strerror");
    private static final Call open = Call.of(LIBC, "open");
    private static final Call read = Call.of(LIBC, "read");
    private static final Call flock = Call.of(LIBC, "flock");
    private static final Call close = Call.of(LIBC, "close");
    private static final Call statx = Call.of(LIBC, "statx");
    private static final Call mmap = Call.of(LIBC, "mmap");
    private static final Call munmap = Call.of(LIBC, "munmap");
    private static final Call getpagesize = Call.of(LIBC, "getpagesize");
    private static final Call memfd_create = Call.of(LIBC, "memfd_create");
    private static final Call eventfd = Call.of(LIBC, "eventfd");
    private static final Call eventfd_write = Call.of(LIBC, "eventfd_write");
    private static final Call epoll_create1 = Call.of(LIBC, "epoll_create1");
    private static final Call epoll_ctl = Call.of(LIBC, "epoll_ctl");
    private static final Call epoll_wait = Call.of(LIBC, "epoll_wait");

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
    private static final int EPOLL_CTL_ADD = 1;

    private Libc() {}

    static boolean isArm() {
        return Machine.name().equals("aarch64");
    }

    static String strerror(int errno) {
        return MemorySegment.ofAddress(strerror.word(errno, 0, 0, 0, 0, 0))
                .reinterpret(256)
                .getString(0);
    }

    static int open(String path, int flags) {
        try (var arena = Arena.ofConfined()) {
            return open.orErrno(arena.allocateFrom(path).address(), flags, 0, 0);
        }
    }

    /** Into the whole of {@code to}; 0 at the end. */
    static long read(int fd, MemorySegment to) {
        long done = read.word(fd, to.address(), to.byteSize(), 0, 0, 0);
        return done >= 0 ? done : -Call.errno();
    }

    static int flock(int fd, int operation) {
        return flock.orErrno(fd, operation, 0, 0);
    }

    static void close(int fd) {
        close.integer(fd, 0, 0, 0);
    }

    /** The inode number of an open file; 0 if it cannot be told. */
    static long inode(int fd) {
        try (var arena = Arena.ofConfined()) {
            var status = arena.allocate(STATX_BYTES, 8);
            var path = arena.allocateFrom("");
            int done = (int) statx.word(fd, path.address(), AT_EMPTY_PATH, STATX_INO, status.address(), 0);
            return done == 0 ? status.get(JAVA_LONG, STX_INO) : 0;
        }
    }

    /** Unmapped when the arena closes. */
    static MemorySegment mmap(Arena owner, long length, int protection, int fd, long offset, String what) {
        long address = mmap.word(0, length, protection, MAP_SHARED, fd, offset);
        if (address == -1) throw new BpfException("mmap of " + what, Call.errno());
        return MemorySegment.ofAddress(address).reinterpret(length, owner, Libc::munmap);
    }

    private static void munmap(MemorySegment mapped) {
        munmap.integer(mapped.address(), mapped.byteSize(), 0, 0);
    }

    static int pageSize() {
        return getpagesize.integer(0, 0, 0, 0);
    }

    static int memfd(String name) {
        try (var arena = Arena.ofConfined()) {
            return memfd_create.orErrno(arena.allocateFrom(name).address(), MFD_CLOEXEC, 0, 0);
        }
    }

    static int eventfd() {
        return eventfd.orErrno(0, EFD_CLOEXEC_NONBLOCK, 0, 0);
    }

    static void eventfdWrite(int fd) {
        eventfd_write.integer(fd, 1, 0, 0);
    }

    static int epollCreate() {
        return epoll_create1.orErrno(EPOLL_CLOEXEC, 0, 0, 0);
    }

    static int epollAdd(int epoll, int fd, MemorySegment event) {
        return epoll_ctl.orErrno(epoll, EPOLL_CTL_ADD, fd, event.address());
    }

    static int epollWait(int epoll, MemorySegment events, int count, int millis) {
        return epoll_wait.orErrno(epoll, events.address(), count, millis);
    }
}
