package dev.spandrel.ebpf;

import java.nio.file.Path;
import java.util.Optional;

/** A directory that one process at a time may use: its own lock, so this goes where no file can be made, too. It goes with the process, however that ends. */
public final class DirectoryLock implements AutoCloseable {
    private static final int EWOULDBLOCK = 11;

    private final int fd;

    private DirectoryLock(int fd) {
        this.fd = fd;
    }

    /** Empty: another one has it. */
    public static Optional<DirectoryLock> of(Path directory) {
        int fd = Libc.open(directory.toString(), Libc.O_DIRECTORY_CLOEXEC);
        if (fd < 0) throw new BpfException("opening " + directory, -fd);
        int locked = Libc.flock(fd, Libc.LOCK_EX_NB);
        if (locked == 0) return Optional.of(new DirectoryLock(fd));
        Libc.close(fd);
        if (locked == -EWOULDBLOCK) return Optional.empty();
        throw new BpfException("locking " + directory, -locked);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
