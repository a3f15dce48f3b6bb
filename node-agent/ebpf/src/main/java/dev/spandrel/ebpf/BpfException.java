package dev.spandrel.ebpf;

/** A call into libbpf or the kernel failed; the message names the call, its object and the kernel's reason. */
public final class BpfException extends RuntimeException {
    private final int errno;

    BpfException(String what, int errno) {
        super(what + ": " + Libc.strerror(errno) + hint(errno));
        this.errno = errno;
    }

    BpfException(String message) {
        super(message);
        this.errno = 0;
    }

    /** The kernel's error number, 0 where there is none. */
    public int errno() {
        return errno;
    }

    private static String hint(int errno) {
        return errno == Errno.EPERM ? " (run as root, or with CAP_BPF and CAP_PERFMON)" : "";
    }
}
