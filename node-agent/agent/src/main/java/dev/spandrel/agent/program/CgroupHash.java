package dev.spandrel.agent.program;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.ebpf.BpfMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** A hash by cgroup id, for kernels without cgroup storage. */
record CgroupHash(BpfMap map) implements ConfigMap {
    @Override
    public boolean write(Path cgroup, long cgroupId, MemorySegment value, MemorySegment held) {
        if (!Files.exists(cgroup)) return false;
        try (var arena = Arena.ofConfined()) {
            var key = arena.allocateFrom(JAVA_LONG, cgroupId);
            map.update(key, value);
            return map.lookup(key, held);
        }
    }

    @Override
    public boolean read(Path cgroup, long cgroupId, MemorySegment value) {
        try (var arena = Arena.ofConfined()) {
            return map.lookup(arena.allocateFrom(JAVA_LONG, cgroupId), value);
        }
    }

    @Override
    public void delete(Path cgroup, long cgroupId) {
        try (var arena = Arena.ofConfined()) {
            map.delete(arena.allocateFrom(JAVA_LONG, cgroupId));
        }
    }
}
