package dev.spandrel.probe.live.show;

import dev.spandrel.probe.type.Aggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Buckets as bars. */
public final class Histograms {
    private static final int WIDTH = 52;
    private static final String[] UNITS = {"", "K", "M", "G", "T", "P", "E"};

    /** Bounds and count; the upper one is not part of it. */
    public record Bucket(long from, long to, boolean openBelow, boolean openAbove, long count) {}

    private Histograms() {}

    /** From the first to the last that has a count. */
    public static List<Bucket> buckets(Aggregate aggregate, SortedMap<Long, Long> counts) {
        var buckets = new ArrayList<Bucket>();
        if (counts.isEmpty()) return buckets;
        for (long i = counts.firstKey(); i <= counts.lastKey(); i++) {
            long count = counts.getOrDefault(i, 0L);
            buckets.add(
                    aggregate instanceof Aggregate.Linear linear
                            ? linear(linear, i, count)
                            : power(((Aggregate.Histogram) aggregate).bits(), i, count));
        }
        return buckets;
    }

    private static Bucket linear(Aggregate.Linear linear, long index, long count) {
        if (index == 0) return new Bucket(0, linear.min(), true, false, count);
        long last = (linear.max() - linear.min()) / linear.step() + 1;
        long from = linear.min() + (index - 1) * linear.step();
        if (index == last) return new Bucket(linear.max(), 0, false, true, count);
        return new Bucket(from, from + linear.step(), false, false, count);
    }

    private static Bucket power(int bits, long index, long count) {
        if (index == 0) return new Bucket(0, 0, true, false, count);
        return new Bucket(lower(bits, index), lower(bits, index + 1), false, false, count);
    }

    private static long lower(int bits, long index) {
        long value = index - 1;
        if (value < 1L << bits) return value;
        long highest = (value >> bits) + bits - 1;
        long next = value & ((1L << bits) - 1);
        return (next | 1L << bits) << (highest - bits);
    }

    public static String show(Aggregate aggregate, SortedMap<Long, Long> counts) {
        var buckets = buckets(aggregate, counts);
        long most = buckets.stream().mapToLong(Bucket::count).max().orElse(1);
        var shown = new StringBuilder();
        for (Bucket bucket : buckets) {
            int bar = most == 0 ? 0 : (int) (bucket.count() / (double) most * WIDTH);
            shown.append("%-16s%8d |%-52s|%n".formatted(label(aggregate, bucket), bucket.count(), "@".repeat(bar)));
        }
        return shown.toString();
    }

    private static String label(Aggregate aggregate, Bucket bucket) {
        boolean power = aggregate instanceof Aggregate.Histogram;
        if (bucket.openBelow()) return "(..., " + number(bucket.to(), power) + ")";
        if (bucket.openAbove()) return "[" + number(bucket.from(), power) + ", ...)";
        if (power && bucket.to() == bucket.from() + 1) return "[" + bucket.from() + "]";
        return "[" + number(bucket.from(), power) + ", " + number(bucket.to(), power) + ")";
    }

    /** In powers of 1024 where that loses nothing. */
    private static String number(long value, boolean power) {
        int unit = 0;
        long rest = value;
        while (unit < UNITS.length - 1 && rest != 0 && rest % 1024 == 0) {
            rest /= 1024;
            unit++;
        }
        return rest + UNITS[unit];
    }
}
