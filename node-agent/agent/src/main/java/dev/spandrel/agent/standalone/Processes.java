package dev.spandrel.agent.standalone;

import dev.spandrel.agent.workload.Cgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Which processes a cgroup holds, as /proc tells. */
final class Processes {
    private static final String DELETED = " (deleted)";

    private Processes() {}

    /** The process that a cgroup is known by, and the file name of its executable. */
    record First(long pid, String executable) {}

    /** Empty if the cgroup holds no process (of its own: those of cgroups below do not count). */
    static Optional<First> in(Cgroup cgroup) {
        try (var lines = Files.lines(cgroup.directory().resolve("cgroup.procs"))) {
            var pids = lines.mapToLong(Long::parseLong)
                    .filter(pid -> pid > 0)
                    .sorted()
                    .toArray();
            if (pids.length == 0) return Optional.empty();
            // The oldest one that has an executable: kernel threads have none.
            return Arrays.stream(pids)
                    .mapToObj(pid -> new First(pid, executable(pid)))
                    .filter(first -> !first.executable().isEmpty())
                    .findFirst()
                    .or(() -> Optional.of(new First(pids[0], "")));
        } catch (IOException | UncheckedIOException e) {
            // It is gone, or holds threads only.
            return Optional.empty();
        }
    }

    /** Empty if the process is gone or is the kernel's. */
    static String executable(long pid) {
        try {
            var name = String.valueOf(
                    Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).getFileName());
            return name.endsWith(DELETED) ? name.substring(0, name.length() - DELETED.length()) : name;
        } catch (IOException e) {
            return "";
        }
    }
}
