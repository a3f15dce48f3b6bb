package dev.spandrel.probe.live.facts;

import dev.spandrel.ebpf.OpenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which file a path leads to: device and inode as the kernel's uprobes know them. Containers of one image see one file through file systems of their own, which
 * are looked through.
 */
public final class FileIdentity {
    private static final Pattern OF_PROCESS = Pattern.compile("(/proc/\\d+)/root/.*");
    /** Where the host's files are, for an agent in a container and for one outside. */
    private static final List<String> HOST = List.of("/proc/1/root", "");

    /** What changes when a file's content does, or another file takes its path: when it was changed is by the kernel's clock and not the writer's. */
    record State(Object device, Object inode, Object size, Object written, Object changed) {
        /** Empty if there is no such file. */
        static Optional<State> of(Path file) {
            try {
                var has = Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
                return Optional.of(new State(
                        has.get("dev"),
                        has.get("ino"),
                        has.get("size"),
                        has.get("lastModifiedTime"),
                        has.get("ctime")));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }

    private FileIdentity() {}

    /** Empty if there is no such file. */
    public static Optional<String> of(String path) {
        Path file = Path.of(path);
        if (!Files.isRegularFile(file)) return Optional.empty();
        return below(path).or(() -> Optional.of(file)).flatMap(FileIdentity::number);
    }

    private static Optional<String> number(Path file) {
        try {
            var attributes = Files.readAttributes(file, "unix:dev,ino");
            return Optional.of(attributes.get("dev") + ":" + attributes.get("ino"));
        } catch (IOException e) {
            return Optional.empty(); // it has gone meanwhile
        }
    }

    /** The file in the layer of an overlay that it comes from, as the host has it; empty if it is in none, or the layer cannot be reached. */
    private static Optional<Path> below(String path) {
        var process = OF_PROCESS.matcher(path);
        Path mounts = Path.of((process.matches() ? process.group(1) : "/proc/self") + "/mountinfo");
        try (OpenFile file = OpenFile.of(Path.of(path)).orElse(null)) {
            if (file == null) return Optional.empty();
            String name = Files.readSymbolicLink(file.path()).toString();
            String mount = mountId(file);
            try (Stream<String> lines = Files.lines(mounts)) {
                return lines.map(line -> line.split(" "))
                        .filter(fields -> fields[0].equals(mount))
                        .findFirst()
                        .flatMap(fields -> layers(fields)
                                .flatMap(layer -> HOST.stream().map(host -> host + layer))
                                .map(layer -> Path.of(layer
                                        + name.substring(mountPoint(fields).length())))
                                .filter(Files::isRegularFile)
                                .findFirst());
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Of the file system's own number in all processes' lists of mounts. */
    private static String mountId(OpenFile file) throws IOException {
        Path about = Path.of(file.path().toString().replace("/fd/", "/fdinfo/"));
        return Files.readAllLines(about).stream()
                .filter(line -> line.startsWith("mnt_id:"))
                .map(line -> line.substring("mnt_id:".length()).strip())
                .findFirst()
                .orElse("");
    }

    private static String mountPoint(String[] fields) {
        return fields[4].equals("/") ? "" : fields[4];
    }

    /** The uppermost first; none if it is no overlay. */
    private static Stream<String> layers(String[] fields) {
        String type = fields[fields.length - 3];
        if (!type.equals("overlay")) return Stream.empty();
        String[] options = fields[fields.length - 1].split(",");
        return Stream.concat(
                option(options, "upperdir="), option(options, "lowerdir=").flatMap(all -> Stream.of(all.split(":"))));
    }

    private static Stream<String> option(String[] options, String name) {
        return Stream.of(options).filter(one -> one.startsWith(name)).map(one -> one.substring(name.length()));
    }
}
