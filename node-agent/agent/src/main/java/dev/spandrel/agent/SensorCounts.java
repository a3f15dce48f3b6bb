package dev.spandrel.agent;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.agent.event.KernelCounter;
import dev.spandrel.agent.event.RequestCount;
import dev.spandrel.agent.metric.KernelCounts;
import dev.spandrel.agent.metric.MapFill;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.MapType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads a sensor's counting maps. */
record SensorCounts(Sensor sensor) implements KernelCounts {
    private static final int BATCH = 512;

    @Override
    public List<RequestCount> requests() {
        BpfMap map = sensor.requests();
        List<RequestCount> entries = new ArrayList<>();
        try (var arena = Arena.ofConfined()) {
            var reader = map.batchReader(arena, Math.min(BATCH, map.maxEntries()));
            reader.rewind();
            for (int count = reader.next(); count > 0; count = reader.next()) {
                for (int i = 0; i < count; i++) {
                    entries.add(RequestCount.read(reader.keys(), reader.values(), i, map.slots()));
                }
            }
        }
        return entries;
    }

    @Override
    public List<MapFill> fills() {
        return sensor.maps().stream()
                .filter(map -> map.type() == MapType.HASH || map.type() == MapType.PERCPU_HASH)
                .map(map -> new MapFill(map.name().replaceFirst("^sp_", ""), entries(map), map.maxEntries()))
                .toList();
    }

    private static long entries(BpfMap map) {
        long entries = 0;
        try (var arena = Arena.ofConfined()) {
            var reader = map.batchReader(arena, Math.min(BATCH, map.maxEntries()));
            reader.rewind();
            for (int count = reader.next(); count > 0; count = reader.next()) entries += count;
        }
        return entries;
    }

    @Override
    public void remove(Collection<RequestCount> gone) {
        try (var arena = Arena.ofConfined()) {
            gone.forEach(entry -> sensor.requests().delete(arena.allocateFrom(JAVA_BYTE, entry.keyBytes())));
        }
    }

    @Override
    public long missed() {
        return sensor.missed();
    }

    @Override
    public long[] counters() {
        BpfMap map = sensor.counters();
        long[] sums = new long[KernelCounter.values().length];
        try (var arena = Arena.ofConfined()) {
            var key = arena.allocate(JAVA_INT);
            var value = map.allocateValue(arena);
            for (int i = 0; i < sums.length; i++) {
                key.set(JAVA_INT, 0, i);
                if (map.lookup(key, value)) {
                    for (int cpu = 0; cpu < map.slots(); cpu++) {
                        sums[i] += value.get(JAVA_LONG, (long) cpu * map.stride());
                    }
                }
            }
        }
        return sums;
    }
}
