package dev.spandrel.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that is held open, so that its path here leads to it whatever becomes of its name, or of the process through whose root it was found. */
public final class OpenFile implements AutoCloseable {
    private final int fd;
    private boolean open = true;

    private OpenFile(int fd) {
        this.fd = fd;
    }

    /** Empty if it cannot be read. */
    public static Optional<OpenFile> of(Path path) {
        int fd = Libc.open(path.toString(), Libc.O_RDONLY_CLOEXEC);
        return fd < 0 ? Optional.empty() : Optional.of(new OpenFile(fd));
    }

    /** One in memory, that has no name but its path here. */
    static OpenFile of(String name, byte[] content) {
        int fd = Libc.memfd(name);
        if (fd < 0) throw new BpfException("memfd_create(" + name + ")", -fd);
        var file = new OpenFile(fd);
        try {
            Files.write(file.path(), content);
            return file;
        } catch (IOException e) {
            file.close();
            throw new UncheckedIOException("memfd " + name, e);
        }
    }

    public Path path() {
        return Path.of("/proc/self/fd/" + fd);
    }

    public long inode() {
        return Libc.inode(fd);
    }

    @Override
    public synchronized void close() {
        if (!open) return;
        open = false;
        Libc.close(fd);
    }
}
