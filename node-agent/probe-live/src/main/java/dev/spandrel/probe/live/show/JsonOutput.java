package dev.spandrel.probe.live.show;

import dev.spandrel.probe.format.Format;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.output.Action;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object per line, as bpftrace writes them with -f json: its type, and its data. */
public final class JsonOutput implements Report {
    private static final int STACK_INDENT = 8;

    private final PrintStream out;
    private final Values values;
    private final Formatted formatted;
    private final Maps maps;
    private final Map<String, Format> formats = new HashMap<>();

    public JsonOutput(PrintStream out, Values values, Maps maps) {
        this.out = out;
        this.values = values;
        this.maps = maps;
        formatted = new Formatted(values);
    }

    private void line(String type, Object data) {
        out.println("{\"type\": " + Json.text(type) + ", \"data\": " + Json.of(data) + "}");
    }

    @Override
    public void attaching(int points) {
        line("attached_probes", Map.of("probes", points));
    }

    @Override
    public void lost(long records) {
        line("lost_events", Map.of("events", records));
    }

    @Override
    public void record(Action action, byte[] content) {
        switch (action) {
            case Action.Formatted(var use, var format, var types) -> {
                String text = formatted.show(formats.computeIfAbsent(format, Format::parse), types, content, 8);
                switch (use) {
                    case PRINT -> line("printf", text);
                    case CAT -> line("cat", Commands.read(text));
                    case SYSTEM -> line("syscall", Commands.run(text));
                }
            }
            case Action.PrintValue(var types) -> line("value", value(types.getFirst(), content, 8));
            case Action.PrintMap(var map, int top, long divisor) -> map(maps.spec(map), top, divisor);
            case Action.Time(var format) -> line("time", new TimeFormat(format).show(Instant.now()));
            case Action.Join join -> line("join", Values.joined(join, content));
            case Action.Zero _, Action.Clear _, Action.Exit _ -> {}
        }
    }

    @Override
    public void allMaps() {
        for (var spec : maps.own()) map(spec, 0, 1);
    }

    private void map(MapSpec spec, int top, long divisor) {
        var shape = spec.shape().orElseThrow();
        var rows = MapView.rows(maps, spec, MapView.startsAtZero(spec), values.owners());
        if (top > 0 && rows.size() > top) rows = rows.subList(rows.size() - top, rows.size());
        if (rows.isEmpty()) return;
        String type = switch (shape.value()) {
            case Aggregate.Histogram _, Aggregate.Linear _ -> "hist";
            case Aggregate.Series _ -> "tseries";
            case Aggregate.Average _ -> "stats";
            default -> "map";
        };
        Map<String, Object> shown = new LinkedHashMap<>();
        for (var row : rows)
            shown.put(values.key(shape.keys(), row.key(), ","), entry(shape.value(), row, Math.max(1, divisor)));
        line(
                type,
                Map.of(
                        spec.name(),
                        shape.keys().isEmpty() ? shown.values().iterator().next() : shown));
    }

    private Object entry(Type type, MapView.Row row, long divisor) {
        return switch (type) {
            case Aggregate.Average(boolean whole, boolean signed)
            when whole -> {
                var parts = new LinkedHashMap<String, Object>();
                parts.put("count", row.n());
                parts.put("average", number(row.number(), signed, 1));
                parts.put("total", number(row.total(), signed, 1));
                yield parts;
            }
            case Aggregate.Average(boolean _, boolean signed) -> number(row.number(), signed, divisor);
            case Aggregate.Sum(boolean signed) -> number(row.number(), signed, divisor);
            case Aggregate.Extreme(boolean _, boolean signed) -> number(row.number(), signed, divisor);
            case Aggregate.Count _ -> number(row.number(), false, divisor);
            case Aggregate.Series series -> series(series, row);
            case Aggregate.Histogram _, Aggregate.Linear _ -> buckets((Aggregate) type, row);
            case Type.Int(int _, boolean signed) -> number(row.number(), signed, divisor);
            default -> value(type, row.value(), 0);
        };
    }

    private static Number number(long value, boolean signed, long divisor) {
        long shown = signed ? value / divisor : Long.divideUnsigned(value, divisor);
        return signed || shown >= 0 ? shown : new java.math.BigInteger(Long.toUnsignedString(shown));
    }

    /** Both ends belong to a bucket. */
    private static List<Object> buckets(Aggregate aggregate, MapView.Row row) {
        var shown = new ArrayList<Object>();
        for (var bucket : Histograms.buckets(aggregate, row.buckets())) {
            var parts = new LinkedHashMap<String, Object>();
            if (!bucket.openBelow()) parts.put("min", bucket.from());
            if (!bucket.openAbove()) parts.put("max", bucket.to() - 1);
            parts.put("count", bucket.count());
            shown.add(parts);
        }
        return shown;
    }

    private static List<Object> series(Aggregate.Series series, MapView.Row row) {
        var shown = new ArrayList<Object>();
        row.buckets().forEach((interval, value) -> {
            var parts = new LinkedHashMap<String, Object>();
            parts.put("interval_start", TimeSeries.begin(series, interval).toString());
            parts.put("value", number(value, series.signed(), 1));
            shown.add(parts);
        });
        return shown;
    }

    private Object value(Type type, byte[] content, int at) {
        return switch (type) {
            case Type.Int(int _, boolean signed) -> number(Bytes.of(content).getLong(at), signed, 1);
            case Type.Pointer _ -> number(Bytes.of(content).getLong(at), false, 1);
            case Type.Tuple(var parts) -> {
                var shown = new ArrayList<Object>();
                int next = at;
                for (Type part : parts) {
                    shown.add(value(part, content, next));
                    next += part.stored();
                }
                yield shown;
            }
            default -> values.show(type, content, at, STACK_INDENT);
        };
    }
}
