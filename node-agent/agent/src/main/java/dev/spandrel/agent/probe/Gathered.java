package dev.spandrel.agent.probe;

import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.live.show.TimeSeries;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a map gathered for one key, the slots of all CPUs put together.
 *
 * @param n how often; of a count itself
 * @param total of the values, where it is known
 * @param extreme the least or greatest, where that is what is gathered
 * @param buckets by the compiler's number of a bucket
 */
record Gathered(long n, long total, long extreme, TreeMap<Long, Long> buckets) {
    static final Gathered NOTHING = new Gathered(0, 0, 0, new TreeMap<>());

    /** Whose, and the key's bytes without that and without a bucket. */
    record Key(long cgroup, ByteBuffer rest) {}

    /** A map's entries as they are now. */
    static Map<Key, Gathered> read(Maps maps, String name, Aggregate aggregate) {
        if (aggregate instanceof Aggregate.Series series) return newest(maps.entries(name), series);
        Map<Key, Gathered> read = new LinkedHashMap<>();
        for (Maps.Entry entry : maps.entries(name)) {
            ByteBuffer key = Bytes.of(entry.key());
            int end = entry.key().length - (aggregate.bucketed() ? 8 : 0);
            Gathered one = of(aggregate, entry.slots(), aggregate.bucketed() ? key.getLong(end) : 0);
            if (one.n > 0) {
                read.merge(
                        new Key(key.getLong(0), ByteBuffer.wrap(Arrays.copyOfRange(entry.key(), 8, end))),
                        one,
                        (a, b) -> a.plus(b, aggregate));
            }
        }
        return read;
    }

    /** Of a time series: the value of the last interval in which there was one. */
    private static Map<Key, Gathered> newest(List<Maps.Entry> entries, Aggregate.Series series) {
        Map<Key, List<Maps.Entry>> byKey = new LinkedHashMap<>();
        for (Maps.Entry entry : entries) {
            var rest = ByteBuffer.wrap(Arrays.copyOfRange(entry.key(), 8, entry.key().length - 8));
            byKey.computeIfAbsent(new Key(Bytes.of(entry.key()).getLong(0), rest), _ -> new ArrayList<>())
                    .add(entry);
        }
        Map<Key, Gathered> newest = new LinkedHashMap<>();
        byKey.forEach((key, own) -> {
            var values = TimeSeries.values(series, own);
            if (!values.isEmpty()) {
                newest.put(key, new Gathered(1, values.get(values.lastKey()), 0, new TreeMap<>()));
            }
        });
        return newest;
    }

    private static Gathered of(Aggregate aggregate, List<byte[]> slots, long bucket) {
        Gathered sum = NOTHING;
        for (byte[] slot : slots) {
            sum = sum.plus(slot(aggregate, Bytes.of(slot), bucket), aggregate);
        }
        return sum;
    }

    private static Gathered slot(Aggregate aggregate, ByteBuffer slot, long bucket) {
        long first = slot.getLong(0);
        return switch (aggregate) {
            case Aggregate.Count _ -> new Gathered(first, 0, 0, new TreeMap<>());
            // That anything was added cannot be told; a sum of nothing is made no entry for.
            case Aggregate.Sum _ -> new Gathered(1, first, 0, new TreeMap<>());
            case Aggregate.Extreme _ -> slot.getLong(8) == 0 ? NOTHING : new Gathered(1, 0, first, new TreeMap<>());
            case Aggregate.Average _ -> new Gathered(first, slot.getLong(8), 0, new TreeMap<>());
            case Aggregate.Series _ -> throw new IllegalStateException("it is read by interval");
            case Aggregate.Histogram _, Aggregate.Linear _ ->
                first == 0 ? NOTHING : new Gathered(first, slot.getLong(8), 0, new TreeMap<>(Map.of(bucket, first)));
        };
    }

    Gathered plus(Gathered other, Aggregate aggregate) {
        if (n == 0) return other;
        if (other.n == 0) return this;
        if (aggregate instanceof Aggregate.Series) return other;
        TreeMap<Long, Long> both = new TreeMap<>(buckets);
        other.buckets.forEach((bucket, count) -> both.merge(bucket, count, Long::sum));
        return new Gathered(n + other.n, total + other.total, further(other.extreme, aggregate), both);
    }

    private long further(long other, Aggregate aggregate) {
        if (!(aggregate instanceof Aggregate.Extreme(boolean max, boolean signed))) return 0;
        int order = signed ? Long.compare(extreme, other) : Long.compareUnsigned(extreme, other);
        return (order > 0) == max ? extreme : other;
    }

    static boolean isSigned(Type type) {
        return switch (type) {
            case Aggregate.Sum(boolean signed) -> signed;
            case Aggregate.Extreme(boolean _, boolean signed) -> signed;
            case Aggregate.Average(boolean _, boolean signed) -> signed;
            case Aggregate.Series series -> series.signed();
            case Type.Int(int _, boolean signed) -> signed;
            default -> false;
        };
    }
}
