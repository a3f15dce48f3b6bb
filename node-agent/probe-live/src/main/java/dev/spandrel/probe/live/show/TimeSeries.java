package dev.spandrel.probe.live.show;

import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Clocks;
import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.type.Aggregate;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Values of a time series, by the number of their interval since boot, and as a graph that goes down the page. */
public final class TimeSeries {
    private static final int WIDTH = 52;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final Instant BOOT = Instant.now().minusNanos(Clocks.bootNanos());
    private static final String MARGIN = " ".repeat(13);

    /** What the CPUs gathered in one interval. */
    private record Slot(long n, long value, long written) {
        Slot with(Slot other, Aggregate.Series series) {
            long both = switch (series.within()) {
                case LAST -> other.written > written ? other.value : value;
                case AVG, SUM -> value + other.value;
                case MAX -> compare(series, value, other.value) >= 0 ? value : other.value;
                case MIN -> compare(series, value, other.value) <= 0 ? value : other.value;
            };
            return new Slot(n + other.n, both, Math.max(written, other.written));
        }

        long shown(Aggregate.Series series) {
            if (series.within() != Aggregate.Within.AVG) return value;
            return series.signed() ? value / n : Long.divideUnsigned(value, n);
        }
    }

    private TimeSeries() {}

    private static int compare(Aggregate.Series series, long a, long b) {
        return series.signed() ? Long.compare(a, b) : Long.compareUnsigned(a, b);
    }

    /**
     * Of the last intervals in which there was something, no more than the series keeps.
     *
     * @param entries of one key
     */
    public static SortedMap<Long, Long> values(Aggregate.Series series, List<Maps.Entry> entries) {
        Map<Long, Slot> found = new HashMap<>();
        for (var entry : entries)
            for (byte[] content : entry.slots()) {
                var bytes = Bytes.of(content);
                long n = bytes.getLong(Aggregate.Series.COUNT);
                if (n == 0) continue;
                found.merge(
                        bytes.getLong(Aggregate.Series.INTERVAL),
                        new Slot(n, bytes.getLong(Aggregate.Series.VALUE), bytes.getLong(Aggregate.Series.WRITTEN)),
                        (a, b) -> a.with(b, series));
            }
        var values = new TreeMap<Long, Long>();
        found.forEach((interval, slot) -> values.put(interval, slot.shown(series)));
        return values.isEmpty() ? values : new TreeMap<>(values.tailMap(values.lastKey() - series.intervals() + 1));
    }

    /** When the interval began, to a hundredth of a second. */
    static Instant begin(Aggregate.Series series, long interval) {
        return BOOT.plusNanos(interval * series.nanos());
    }

    /** An interval without a value has a line without a mark. */
    static String show(Aggregate.Series series, SortedMap<Long, Long> values) {
        if (values.isEmpty()) return "";
        long least =
                values.values().stream().min((a, b) -> compare(series, a, b)).orElseThrow();
        long most =
                values.values().stream().max((a, b) -> compare(series, a, b)).orElseThrow();
        String bounds = MARGIN + "%-52s%s%n".formatted(number(series, least), number(series, most));
        var shown = new StringBuilder(bounds);
        shown.append("%-13s|%s|%n".formatted("hh:mm:ss.ms", "_".repeat(WIDTH - 1)));
        for (long interval = values.firstKey(); interval <= values.lastKey(); interval++) {
            var line = new StringBuilder("|" + " ".repeat(WIDTH - 1) + "|");
            if (least < 0 && most > 0) line.setCharAt(column(series, 0, least, most), '.');
            Long value = values.get(interval);
            if (value != null) line.setCharAt(column(series, value, least, most), '*');
            shown.append(TIME.format(begin(series, interval)))
                    .append(' ')
                    .append(line)
                    .append(' ');
            shown.append(value == null ? "-" : number(series, value)).append('\n');
        }
        shown.append(MARGIN).append("v").append("_".repeat(WIDTH - 1)).append("v\n");
        return shown.append(bounds).toString();
    }

    private static String number(Aggregate.Series series, long value) {
        return Values.number(value, series.signed());
    }

    private static int column(Aggregate.Series series, long value, long least, long most) {
        double from = real(series, least);
        double range = real(series, most) - from;
        return range == 0 ? 0 : (int) ((real(series, value) - from) / range * WIDTH);
    }

    private static double real(Aggregate.Series series, long value) {
        return series.signed() || value >= 0 ? value : value + 0x1p64;
    }
}
