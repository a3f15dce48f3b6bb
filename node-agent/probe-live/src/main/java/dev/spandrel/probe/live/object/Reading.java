package dev.spandrel.probe.live.object;

import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
        ByteBuffer bytes = Bytes.of(key);
        var attributes = new TreeMap<String, Object>();
        long cgroup = 0;
        for (Layout.Member member : exported.key()) {
            Object value = value(member.type(), bytes, member.offset());
            if (member.name().equals(ExportedMap.OWNER) && value instanceof Long id) cgroup = id;
            else attributes.put(member.name(), value);
        }
        return new Reading(cgroup, attributes, slots);
    }

    private static Object value(Type type, ByteBuffer bytes, int at) {
        return switch (type) {
            case Type.Int(int size, boolean signed) -> number(bytes, at, size, signed);
            case Type.Array(Type _, int count) -> text(bytes, at, count);
            default -> "";
        };
    }

    private static Long number(ByteBuffer bytes, int at, int size, boolean signed) {
        return switch (size) {
            case 1 -> signed ? (long) bytes.get(at) : bytes.get(at) & 0xffL;
            case 2 -> signed ? (long) bytes.getShort(at) : bytes.getShort(at) & 0xffffL;
            case 4 -> signed ? (long) bytes.getInt(at) : bytes.getInt(at) & 0xffffffffL;
            default -> bytes.getLong(at);
        };
    }

    private static String text(ByteBuffer bytes, int at, int most) {
        int length = 0;
        while (length < most && bytes.get(at + length) != 0) length++;
        return new String(bytes.array(), at, length, StandardCharsets.UTF_8);
    }
}
