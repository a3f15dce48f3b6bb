package dev.spandrel.ebpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The cgroup v2 tree of this machine: where it is mounted, ids and descriptors of its directories. */
public final class Cgroup2 {
    private Cgroup2() {}

    /** An open cgroup directory: the key under which its storage is read and written. */
    public record Directory(long id, int fd) implements AutoCloseable {
        @Override
        public void close() {
            Libc.close(fd);
        }
    }

    /** Where cgroup v2 is mounted; a mount of the whole tree before one of a part of it. */
    public static Optional<Path> mount() {
        try {
            return mount(Files.readAllLines(Path.of("/proc/self/mountinfo")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Fields of a line: id, parent, device, root, mount point, options, …, "-", file system. */
    static Optional<Path> mount(List<String> mountinfo) {
        return mountinfo.stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> line.split(" "))
                .min(Comparator.comparing(fields -> !fields[3].equals("/")))
                .map(fields -> Path.of(fields[4].replace("\\040", " ")));
    }

    /** The id as bpf_get_current_cgroup_id gives it: the directory's inode number. Empty if it is gone. */
    public static Optional<Long> id(Path directory) {
        try {
            return Optional.of((Long) Files.getAttribute(directory, "unix:ino"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Empty if it is gone. The id is that of the opened directory, whatever happens to the path meanwhile. */
    public static Optional<Directory> open(Path directory) {
        int fd = Libc.open(directory.toString(), Libc.O_DIRECTORY_CLOEXEC);
        if (fd == -Errno.ENOENT) return Optional.empty();
        if (fd < 0) throw new BpfException("open " + directory, -fd);
        return Optional.of(new Directory(Libc.inode(fd), fd));
    }
}
