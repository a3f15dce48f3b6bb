package dev.spandrel.agent.metric;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Metrics in Prometheus' text format, by OpenTelemetry's rules for names; resource attributes become labels. */
public final class PrometheusText {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Map<String, String> UNITS = Map.of("s", "_seconds", "By", "_bytes");

    private PrometheusText() {}

    public static String write(Collection<MetricData> metrics) {
        Map<String, StringBuilder> families = new LinkedHashMap<>();
        for (MetricData metric : metrics) {
            String name = name(metric);
            StringBuilder out = families.computeIfAbsent(name, key -> header(key, metric));
            switch (metric.getType()) {
                case HISTOGRAM ->
                    metric.getHistogramData().getPoints().forEach(point -> histogram(out, name, metric, point));
                case LONG_SUM -> metric.getLongSumData().getPoints().forEach(point -> number(out, name, metric, point));
                case LONG_GAUGE ->
                    metric.getLongGaugeData().getPoints().forEach(point -> number(out, name, metric, point));
                default -> throw new IllegalArgumentException(metric.getType() + " is not written by this agent");
            }
        }
        return String.join("", families.values());
    }

    private static String name(MetricData metric) {
        String name = sanitise(metric.getName()) + UNITS.getOrDefault(metric.getUnit(), "");
        return metric.getType() == MetricDataType.LONG_SUM ? name + "_total" : name;
    }

    private static StringBuilder header(String name, MetricData metric) {
        String type = switch (metric.getType()) {
            case HISTOGRAM -> "histogram";
            case LONG_SUM -> "counter";
            default -> "gauge";
        };
        return new StringBuilder(
                "# HELP " + name + " " + metric.getDescription() + "\n# TYPE " + name + " " + type + "\n");
    }

    private static void number(StringBuilder out, String name, MetricData metric, LongPointData point) {
        line(out, name, labels(metric, point.getAttributes(), ""), Long.toString(point.getValue()));
    }

    private static void histogram(StringBuilder out, String name, MetricData metric, HistogramPointData point) {
        long cumulative = 0;
        for (int i = 0; i < point.getCounts().size(); i++) {
            cumulative += point.getCounts().get(i);
            String bound = i < point.getBoundaries().size()
                    ? point.getBoundaries().get(i).toString()
                    : "+Inf";
            line(out, name + "_bucket", labels(metric, point.getAttributes(), bound), Long.toString(cumulative));
        }
        String labels = labels(metric, point.getAttributes(), "");
        line(out, name + "_sum", labels, Double.toString(point.getSum()));
        line(out, name + "_count", labels, Long.toString(point.getCount()));
    }

    private static void line(StringBuilder out, String name, String labels, String value) {
        out.append(name).append(labels).append(' ').append(value).append('\n');
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
