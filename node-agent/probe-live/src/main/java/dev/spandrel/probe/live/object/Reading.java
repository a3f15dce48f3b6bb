package dev.spandrel.probe.live.object;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * One entry of an exported map.
 *
 * @param cgroup whose it is; 0: it does not say
 * @param attributes numbers are {@link Long}, all else is text
 * @param slots one number, or those of a histogram; of all CPUs together
 */
public record Reading(long cgroup, SortedMap<String, Object> attributes, long[] slots) {
    /** Entries that hold nothing but zeroes are left out: arrays have them from the beginning. */
    static List<Reading> of(ExportedMap exported) {
        var map = exported.map();
        var readings = new ArrayList<Reading>();
        try (var arena = Arena.ofConfined()) {
            var key = map.allocateKey(arena);
            var next = map.allocateKey(arena);
            var value = map.allocateValue(arena);
            boolean more = map.nextKey(MemorySegment.NULL, next);
            for (int seen = 0; more && seen <= map.maxEntries(); seen++) {
                MemorySegment.copy(next, 0, key, 0, key.byteSize());
                if (map.lookup(key, value)) {
                    long[] slots = sum(exported, value);
                    if (java.util.Arrays.stream(slots).anyMatch(one -> one != 0)) {
                        readings.add(of(exported, key.toArray(ValueLayout.JAVA_BYTE), slots));
                    }
                }
                more = map.nextKey(key, next);
            }
        }
        return readings;
    }

    private static long[] sum(ExportedMap exported, MemorySegment value) {
        long[] sum = new long[exported.map().valueSize() / Long.BYTES];
        for (int cpu = 0; cpu < exported.map().slots(); cpu++) {
            long from = (long) cpu * exported.map().stride();
            for (int i = 0; i < sum.length; i++)
                sum[i] += value.get(ValueLayout.JAVA_LONG_UNALIGNED, from + (long) i * Long.BYTES);
        }
        return sum;
    }

    private static Reading of(ExportedMap exported, byte[] key, long[] slots) {
        var values = Members.read(exported.key(), key);
        return new Reading(values.cgroup(), values.attributes(), slots);
    }
}
