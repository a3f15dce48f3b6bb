package dev.spandrel.probe.live.session;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.ebpf.BpfMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/** A hash whose keys are cgroup ids, and whose values are numbers that say nothing. */
public final class Cgroups {
    private Cgroups() {}

    /** Makes its keys exactly these. */
    public static void make(BpfMap map, Set<Long> wanted) {
        try (var arena = Arena.ofConfined()) {
            Set<Long> held = held(map, arena);
            var one = arena.allocateFrom(JAVA_LONG, 1L);
            for (long key : wanted) if (!held.contains(key)) map.update(arena.allocateFrom(JAVA_LONG, key), one);
            for (long key : held) if (!wanted.contains(key)) map.delete(arena.allocateFrom(JAVA_LONG, key));
        }
    }

    private static Set<Long> held(BpfMap map, Arena arena) {
        var held = new HashSet<Long>();
        var key = map.allocateKey(arena);
        var next = map.allocateKey(arena);
        boolean more = map.nextKey(MemorySegment.NULL, next);
        while (more && held.size() < map.maxEntries()) {
            held.add(next.get(JAVA_LONG, 0));
            MemorySegment.copy(next, 0, key, 0, key.byteSize());
            more = map.nextKey(key, next);
        }
        return held;
    }
}
