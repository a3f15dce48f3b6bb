package dev.spandrel.probe.live.show;

import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of a map as points of OTLP metrics: counts and sums, gauges, and histograms with the buckets that the kernel counted. */
final class OtlpPoints {
    private static final int CUMULATIVE = 2;

    private OtlpPoints() {}

    static Map<String, Object> attribute(String name, Object value) {
        var attribute = new LinkedHashMap<String, Object>();
        attribute.put("key", name);
        attribute.put("value", value(value));
        return attribute;
    }

    static Map<String, Object> value(Object value) {
        return value instanceof Long number
                ? Map.of("intValue", number.toString())
                : Map.of("stringValue", value.toString());
    }

    static boolean isNumber(Type value) {
        return value instanceof Aggregate || value instanceof Type.Int;
    }

    static String kind(Type value) {
        return switch (value) {
            case Aggregate.Count _, Aggregate.Sum _ -> "sum";
            case Aggregate.Histogram _, Aggregate.Linear _, Aggregate.Average _ -> "histogram";
            default -> "gauge";
        };
    }

    static Map<String, Object> data(Type value, List<Object> points) {
        var data = new LinkedHashMap<String, Object>();
        data.put("dataPoints", points);
        if (!kind(value).equals("gauge")) data.put("aggregationTemporality", CUMULATIVE);
        if (kind(value).equals("sum"))
            data.put("isMonotonic", !(value instanceof Aggregate.Sum(boolean signed) && signed));
        return data;
    }

    static Map<String, Object> point(
            Type value, MapView.Row row, long divisor, List<Object> attributes, String started, String now) {
        var point = new LinkedHashMap<String, Object>();
        point.put("attributes", attributes);
        point.put("startTimeUnixNano", started);
        point.put("timeUnixNano", now);
        switch (value) {
            case Aggregate.Histogram _, Aggregate.Linear _ -> buckets((Aggregate) value, row, point);
            case Aggregate.Average _ -> {
                point.put("count", Long.toString(row.n()));
                point.put("sum", (double) row.total());
            }
            default -> point.put("asInt", Long.toString(row.number() / divisor));
        }
        return point;
    }

    /** Bounds belong to the bucket below them in OTLP, and to the one above in the kernel: of whole numbers one less says the same. */
    private static void buckets(Aggregate aggregate, MapView.Row row, Map<String, Object> point) {
        var bounds = new ArrayList<Object>();
        var counts = new ArrayList<Object>();
        var buckets = Histograms.buckets(aggregate, row.buckets());
        if (!buckets.isEmpty() && !buckets.getFirst().openBelow()) {
            bounds.add((double) (buckets.getFirst().from() - 1));
            counts.add("0");
        }
        for (var bucket : buckets) {
            counts.add(Long.toString(bucket.count()));
            if (!bucket.openAbove()) bounds.add((double) (bucket.to() - 1));
        }
        if (buckets.isEmpty() || !buckets.getLast().openAbove()) counts.add("0");
        point.put("count", Long.toString(row.n()));
        point.put("explicitBounds", bounds);
        point.put("bucketCounts", counts);
    }
}
