package dev.spandrel.probe.live.show;

import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A map at one moment, the slots of all CPUs put together. */
public final class MapView {
    /** `number` orders entries of a map; `buckets` are there for histograms, and for time series with a value by interval; `n` and `total` for averages. */
    public record Row(byte[] key, byte[] value, long number, long n, long total, SortedMap<Long, Long> buckets) {}

    private MapView() {}

    /** In the order in which bpftrace shows them. */
    public static List<Row> rows(Maps maps, MapSpec spec, boolean zeroes, Owners owners) {
        var shape = spec.shape().orElseThrow();
        var found = maps.entries(spec.name());
        var entries = shape.value() instanceof Aggregate ? CanonicalKeys.merged(found, shape.keys(), owners) : found;
        List<Row> rows = shape.value() instanceof Aggregate aggregate
                ? aggregate.bucketed()
                        ? bucketed(aggregate, entries)
                        : entries.stream()
                                .map(e -> row(aggregate, e))
                                .filter(r -> zeroes || r.n() > 0)
                                .toList()
                : entries.stream().map(MapView::plain).toList();
        var sorted = new ArrayList<>(rows);
        sorted.sort(order(shape));
        return sorted;
    }

    /** A count without a key is 0 until something is counted, and is shown so, as in bpftrace. */
    static boolean startsAtZero(MapSpec spec) {
        return spec.shape()
                .filter(s -> s.keys().isEmpty() && s.value() instanceof Aggregate.Count)
                .isPresent();
    }

    private static Row plain(Maps.Entry entry) {
        var value = entry.slots().getFirst();
        return new Row(entry.key(), value, Bytes.of(value).getLong(0), 1, 0, new TreeMap<>());
    }

    private static Row row(Aggregate aggregate, Maps.Entry entry) {
        long number = 0;
        long n = 0;
        long total = 0;
        for (var slot : entry.slots()) {
            ByteBuffer bytes = Bytes.of(slot);
            switch (aggregate) {
                case Aggregate.Average _ -> {
                    n += bytes.getLong(0);
                    total += bytes.getLong(8);
                }
                case Aggregate.Extreme(boolean max, boolean signed) -> {
                    if (bytes.getLong(8) == 0) continue;
                    long value = bytes.getLong(0);
                    int order = signed ? Long.compare(value, number) : Long.compareUnsigned(value, number);
                    if (n == 0 || (max ? order > 0 : order < 0)) number = value;
                    n++;
                }
                case Aggregate.Count _ -> {
                    number += bytes.getLong(0);
                    n = number;
                }
                case Aggregate.Sum _, Aggregate.Histogram _, Aggregate.Linear _, Aggregate.Series _ -> {
                    number += bytes.getLong(0);
                    n = 1;
                }
            }
        }
        if (aggregate instanceof Aggregate.Average(boolean _, boolean signed) && n != 0)
            number = signed ? total / n : Long.divideUnsigned(total, n);
        return new Row(entry.key(), new byte[0], number, n, total, new TreeMap<>());
    }

    private static List<Row> bucketed(Aggregate aggregate, List<Maps.Entry> entries) {
        return aggregate instanceof Aggregate.Series series ? series(series, entries) : histograms(entries);
    }

    /** Ordered by the newest value. */
    private static List<Row> series(Aggregate.Series series, List<Maps.Entry> entries) {
        Map<ByteBuffer, List<Maps.Entry>> byKey = new LinkedHashMap<>();
        for (var entry : entries)
            byKey.computeIfAbsent(
                            ByteBuffer.wrap(Arrays.copyOf(entry.key(), entry.key().length - 8)), k -> new ArrayList<>())
                    .add(entry);
        var rows = new ArrayList<Row>();
        byKey.forEach((key, own) -> {
            var values = TimeSeries.values(series, own);
            if (!values.isEmpty())
                rows.add(new Row(key.array(), new byte[0], values.get(values.lastKey()), values.size(), 0, values));
        });
        return rows;
    }

    /** The bucket is the last 8 bytes of the key. */
    private static List<Row> histograms(List<Maps.Entry> entries) {
        Map<ByteBuffer, TreeMap<Long, Long>> found = new LinkedHashMap<>();
        for (var entry : entries) {
            int own = entry.key().length - 8;
            long count = entry.slots().stream()
                    .mapToLong(s -> Bytes.of(s).getLong(0))
                    .sum();
            if (count == 0) continue;
            var key = ByteBuffer.wrap(Arrays.copyOf(entry.key(), own));
            found.computeIfAbsent(key, k -> new TreeMap<>())
                    .merge(Bytes.of(entry.key()).getLong(own), count, Long::sum);
        }
        var rows = new ArrayList<Row>();
        new HashMap<>(found).forEach((key, buckets) -> {
            long total = buckets.values().stream().mapToLong(c -> c).sum();
            rows.add(new Row(key.array(), new byte[0], total, total, 0, buckets));
        });
        return rows;
    }

    private static Comparator<Row> order(MapSpec.Shape shape) {
        Comparator<Row> byKey = (a, b) -> compareKeys(shape.keys(), a.key(), b.key());
        boolean signed = !(shape.value() instanceof Type.Int(int _, boolean s)) || s;
        boolean counted = shape.value() instanceof Type.Int || shape.value() instanceof Aggregate;
        if (!counted) return byKey;
        Comparator<Row> byNumber =
                (a, b) -> signed ? Long.compare(a.number(), b.number()) : Long.compareUnsigned(a.number(), b.number());
        return byNumber.thenComparing(byKey);
    }

    private static int compareKeys(List<Type> types, byte[] a, byte[] b) {
        int at = 0;
        for (Type type : types) {
            int order = type.isInt()
                    ? Long.compare(Bytes.of(a).getLong(at), Bytes.of(b).getLong(at))
                    : Arrays.compareUnsigned(a, at, at + type.stored(), b, at, at + type.stored());
            if (order != 0) return order;
            at += type.stored();
        }
        return 0;
    }
}
