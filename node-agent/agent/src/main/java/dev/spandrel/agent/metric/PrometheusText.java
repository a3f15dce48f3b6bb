package dev.spandrel.agent.metric;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Metrics in Prometheus' text format, by OpenTelemetry's rules for names; resource attributes become labels. */
public final class PrometheusText {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Map<String, String> UNITS = Map.of("s", "_seconds", "By", "_bytes");

    private static final int PIECE = 8 << 10;

    private final String name;
    private final Consumer<String> out;
    private final StringBuilder piece = new StringBuilder();

    private PrometheusText(String name, Consumer<String> out) {
        this.name = name;
        this.out = out;
    }

    /** In pieces of a few kilobytes, one metric after the other: the whole text of a full map of counts would not fit the agent's heap. */
    public static void write(Collection<MetricData> metrics, Consumer<String> out) {
        metrics.stream()
                .collect(Collectors.groupingBy(PrometheusText::name, LinkedHashMap::new, Collectors.toList()))
                .forEach((name, family) -> new PrometheusText(name, out).family(family));
    }

    private void family(List<MetricData> family) {
        header(family.getFirst());
        for (MetricData metric : family) {
            switch (metric.getType()) {
                case HISTOGRAM -> metric.getHistogramData().getPoints().forEach(point -> histogram(metric, point));
                case LONG_SUM -> metric.getLongSumData().getPoints().forEach(point -> number(metric, point));
                case LONG_GAUGE -> metric.getLongGaugeData().getPoints().forEach(point -> number(metric, point));
                default -> throw new IllegalArgumentException(metric.getType() + " is not written by this agent");
            }
        }
        passOn();
    }

    private static String name(MetricData metric) {
        String name = sanitise(metric.getName()) + UNITS.getOrDefault(metric.getUnit(), "");
        return metric.getType() == MetricDataType.LONG_SUM ? name + "_total" : name;
    }

    private void header(MetricData metric) {
        String type = switch (metric.getType()) {
            case HISTOGRAM -> "histogram";
            case LONG_SUM -> "counter";
            default -> "gauge";
        };
        piece.append("# HELP ").append(name).append(' ').append(metric.getDescription());
        piece.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void number(MetricData metric, LongPointData point) {
        line("", labels(metric, point.getAttributes(), ""), Long.toString(point.getValue()));
    }

    private void histogram(MetricData metric, HistogramPointData point) {
        long cumulative = 0;
        for (int i = 0; i < point.getCounts().size(); i++) {
            cumulative += point.getCounts().get(i);
            String bound = i < point.getBoundaries().size()
                    ? point.getBoundaries().get(i).toString()
                    : "+Inf";
            line("_bucket", labels(metric, point.getAttributes(), bound), Long.toString(cumulative));
        }
        String labels = labels(metric, point.getAttributes(), "");
        line("_sum", labels, Double.toString(point.getSum()));
        line("_count", labels, Long.toString(point.getCount()));
    }

    private void line(String suffix, String labels, String value) {
        piece.append(name)
                .append(suffix)
                .append(labels)
                .append(' ')
                .append(value)
                .append('\n');
        if (piece.length() >= PIECE) {
            passOn();
        }
    }

    private void passOn() {
        out.accept(piece.toString());
        piece.setLength(0);
    }

    private static String labels(MetricData metric, Attributes attributes, String bound) {
        Map<String, String> labels = new TreeMap<>();
        metric.getResource().getAttributes().forEach((key, value) -> put(labels, key, value));
        attributes.forEach((key, value) -> put(labels, key, value));
        if (!bound.isEmpty()) {
            labels.put("le", bound);
        }
        StringBuilder out = new StringBuilder();
        labels.forEach((key, value) -> out.append(out.isEmpty() ? '{' : ',')
                .append(key)
                .append("=\"")
                .append(escape(value))
                .append('"'));
        return out.isEmpty() ? "" : out.append('}').toString();
    }

    private static void put(Map<String, String> labels, AttributeKey<?> key, Object value) {
        labels.put(sanitise(key.getKey()), value.toString());
    }

    private static String sanitise(String name) {
        return name.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
