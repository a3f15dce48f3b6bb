package dev.spandrel.agent.probe;

import dev.spandrel.agent.workload.Cgroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the processes of selected cgroups have their files: a container's are not the agent's. */
final class Files {
    /** Of the first process, which is the host's where the agent sees the host's processes. */
    static final List<Path> OF_HOST = List.of(Path.of("/proc/1/root"));

    private Files() {}

    /** One root for each mount namespace that a process of these cgroups is in. */
    static List<Path> of(Set<Long> ids, Collection<Cgroup> cgroups) {
        Map<String, Path> byNamespace = new LinkedHashMap<>();
        for (Cgroup cgroup : cgroups) {
            if (!ids.contains(cgroup.id())) continue;
            for (String pid : processes(cgroup.directory())) {
                Path process = Path.of("/proc", pid);
                namespace(process, byNamespace);
            }
        }
        return List.copyOf(byNamespace.values());
    }

    private static List<String> processes(Path directory) {
        try {
            return java.nio.file.Files.readAllLines(directory.resolve("cgroup.procs"));
        } catch (IOException e) {
            return List.of(); // it has gone meanwhile
        }
    }

    private static void namespace(Path process, Map<String, Path> byNamespace) {
        try {
            String namespace = java.nio.file.Files.readSymbolicLink(process.resolve("ns/mnt")) + " "
                    + java.nio.file.Files.readSymbolicLink(process.resolve("root"));
            byNamespace.putIfAbsent(namespace, process.resolve("root"));
        } catch (IOException e) {
            return; // likewise
        }
    }
}
