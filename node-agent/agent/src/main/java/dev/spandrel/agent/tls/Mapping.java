package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.OpenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file whose code a process maps. `identity` is its device and inode; `path` leads to it from here, through the process' own root or, where that has ended, through that of
 * a living one beside it.
 */
record Mapping(String identity, Path path, String name) {
    private static final String DELETED = " (deleted)";

    /** Of a process; empty once it is gone. */
    static List<Mapping> of(long pid) {
        var process = Path.of("/proc", Long.toString(pid));
        try (var lines = Files.lines(process.resolve("maps"))) {
            var executable = executable(process);
            return lines.flatMap(line -> parse(line, process, executable).stream())
                    .distinct()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** The same file by way of another process. */
    Mapping through(long pid) {
        return new Mapping(identity, Path.of("/proc/" + pid + "/root" + name), name);
    }

    /** The very file, held open; empty if the path does not lead to it any more. */
    Optional<OpenFile> open() {
        return OpenFile.of(path).filter(file -> {
            boolean same = identity.endsWith(" " + file.inode());
            if (!same) file.close();
            return same;
        });
    }

    private static String executable(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("exe")).toString();
    }

    /** A line of /proc/PID/maps: addresses, rights, offset, device, inode, path. */
    private static Optional<Mapping> parse(String line, Path process, String executable) {
        var fields = line.split(" +", 6);
        if (fields.length < 6 || fields[1].indexOf('x') < 0 || !fields[5].startsWith("/")) return Optional.empty();
        var identity = fields[3] + " " + fields[4];
        // The program itself is reached whatever became of its name; a library only by it.
        if (fields[5].equals(executable)) return Optional.of(new Mapping(identity, process.resolve("exe"), fields[5]));
        if (fields[5].endsWith(DELETED)) return Optional.empty();
        return Optional.of(new Mapping(identity, Path.of(process + "/root" + fields[5]), fields[5]));
    }
}
