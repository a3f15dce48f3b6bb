package dev.spandrel.agent.program;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.Cgroup2;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Cgroup local storage: the key is a descriptor of the cgroup's directory; the kernel frees the value with the cgroup. */
record CgroupStorage(BpfMap map) implements ConfigMap {
    @Override
    public boolean write(Path cgroup, long cgroupId, MemorySegment value, MemorySegment held) {
        return with(cgroup, cgroupId, key -> {
            map.update(key, value);
            return map.lookup(key, held);
        });
    }

    @Override
    public boolean read(Path cgroup, long cgroupId, MemorySegment value) {
        return with(cgroup, cgroupId, key -> map.lookup(key, value));
    }

    @Override
    public void delete(Path cgroup, long cgroupId) {
        with(cgroup, cgroupId, map::delete);
    }

    private static boolean with(Path cgroup, long cgroupId, Predicate<MemorySegment> use) {
        var opened = Cgroup2.open(cgroup);
        if (opened.isEmpty()) return false;
        try (var directory = opened.get();
                var arena = Arena.ofConfined()) {
            // Another cgroup may have taken the path.
            return directory.id() == cgroupId && use.test(arena.allocateFrom(JAVA_INT, directory.fd()));
        }
    }
}
