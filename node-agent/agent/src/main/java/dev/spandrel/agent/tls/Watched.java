package dev.spandrel.agent.tls;

import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.ebpf.OpenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The processes of the traced cgroups, and what they map. A young process is looked at often, for it is still loading; an old one seldom. One thread. */
final class Watched {
    /** Nanoseconds from when a process is first seen to the looks at it; then one each time the last. */
    private static final long[] LOOKS = {
        0, 50_000_000L, 150_000_000L, 400_000_000L, 1_000_000_000L, 2_000_000_000L, 5_000_000_000L
    };

    private record Process(long since, int looks, List<Mapping> mappings) {
        boolean isDue(long now) {
            int last = LOOKS.length - 1;
            return now - since >= (looks <= last ? LOOKS[looks] : LOOKS[last] * (looks - last + 1L));
        }
    }

    private final Map<Long, Process> processes = new HashMap<>();

    /** All files with code that are mapped now, as far as known. */
    Set<Mapping> look(Collection<Cgroup> traced, long now) {
        var living = new HashSet<Long>();
        traced.forEach(cgroup -> living.addAll(in(cgroup)));
        processes.keySet().retainAll(living);
        var mapped = new HashSet<Mapping>();
        for (long pid : living) {
            var process = processes.getOrDefault(pid, new Process(now, 0, List.of()));
            if (process.isDue(now)) process = new Process(process.since, process.looks + 1, Mapping.of(pid));
            processes.put(pid, process);
            mapped.addAll(process.mappings);
        }
        return mapped;
    }

    /** The file, through the process that mapped it or another that lives; empty if there is no way to it. */
    Optional<OpenFile> open(Mapping mapping) {
        return Stream.concat(Stream.of(mapping), processes.keySet().stream().map(mapping::through))
                .flatMap(way -> way.open().stream())
                .findFirst();
    }

    private static List<Long> in(Cgroup cgroup) {
        var pids = new ArrayList<Long>();
        try (var lines = Files.lines(cgroup.directory().resolve("cgroup.procs"))) {
            lines.map(Long::parseLong).filter(pid -> pid > 0).forEach(pids::add);
        } catch (IOException | UncheckedIOException e) {
            // It is gone, or holds threads only.
            return List.of();
        }
        return pids;
    }
}
