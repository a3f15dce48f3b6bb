package dev.spandrel.agent.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/**
 * One entry of sp_requests, summed over the CPUs.
 *
 * @param key the 40 bytes as they are in the map, in hex
 * @param code what is done, as the protocol numbers it
 * @param operation of calls; empty where the protocol has none
 * @param serverAddress sixteen bytes; zero for servers
 */
public record RequestCount(
        String key,
        long cgroup,
        byte[] serverAddress,
        int serverPort,
        int status,
        int protocol,
        Role role,
        int code,
        End end,
        int minorVersion,
        boolean tls,
        long count,
        long durationNanos,
        long kept,
        long[] buckets,
        String operation) {
    private static final long[] BOUNDS_MILLIS = {1, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000
    };

    /** Index of a duration's bucket, as in {@code complete.h}. */
    public static int bucket(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_MILLIS.length && nanos / 1000 > BOUNDS_MILLIS[bucket] * 1000) {
            bucket++;
        }
        return bucket;
    }

    /** Reads entry {@code index} of a batch of keys and per-CPU values. */
    public static RequestCount read(MemorySegment keys, MemorySegment values, int index, int cpus) {
        byte[] key = keys.asSlice((long) index * Layout.REQUESTS_KEY_SIZE, Layout.REQUESTS_KEY_SIZE)
                .toArray(JAVA_BYTE);
        MemorySegment raw = MemorySegment.ofArray(key);
        byte[] address = new byte[16];
        System.arraycopy(key, 8, address, 0, 16);
        int endMinor = key[33] & 0xff;
        long[] fields = new long[Layout.REQUESTS_VALUE_SIZE / Long.BYTES];
        for (int cpu = 0; cpu < cpus; cpu++) {
            long at = ((long) index * cpus + cpu) * Layout.REQUESTS_VALUE_SIZE;
            for (int field = 0; field < fields.length; field++) {
                fields[field] += values.get(JAVA_LONG_UNALIGNED, at + (long) field * Long.BYTES);
            }
        }
        long[] buckets = new long[Layout.BUCKETS];
        System.arraycopy(fields, 3, buckets, 0, buckets.length);
        return new RequestCount(
                HexFormat.of().formatHex(key),
                raw.get(JAVA_LONG_UNALIGNED, 0),
                address,
                raw.get(JAVA_SHORT_UNALIGNED, 24) & 0xffff,
                raw.get(JAVA_INT_UNALIGNED, 28),
                key[26] & 0xff,
                Role.of(key[27]),
                key[32] & 0xff,
                End.of(endMinor >>> 4),
                endMinor & 15,
                key[34] != 0,
                fields[0],
                fields[1],
                fields[2],
                buckets,
                "");
    }

    public Method method() {
        return Method.of(code);
    }

    /** The bytes of the map's key. */
    public byte[] keyBytes() {
        return HexFormat.of().parseHex(key);
    }
}
