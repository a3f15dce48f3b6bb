package dev.spandrel.agent.probe;

import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableExponentialHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableLongPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/** What a metric is called and of whom it is. */
record MetricForm(Resource resource, InstrumentationScopeInfo scope, String name, String description, String unit) {
    /**
     * What was gathered, cumulative, in the form that its type has in OpenTelemetry.
     *
     * @param started and {@code now}: wall-clock nanoseconds
     */
    MetricData of(Type value, Map<Attributes, Gathered> series, long started, long now) {
        return switch (value) {
            case Aggregate.Histogram histogram ->
                ImmutableMetricData.createExponentialHistogram(
                        resource,
                        scope,
                        name,
                        description,
                        unit,
                        ImmutableExponentialHistogramData.create(
                                AggregationTemporality.CUMULATIVE,
                                points(series, (key, one) -> Points.exponential(histogram, one, key, started, now))));
            case Aggregate.Linear linear ->
                histogram(points(series, (key, one) -> Points.linear(linear, one, key, started, now)));
            case Aggregate.Average _ -> histogram(points(series, (key, one) -> Points.average(one, key, started, now)));
            case Aggregate.Count _ -> sum(numbers(series, Gathered::n, started, now), true);
            case Aggregate.Sum(boolean signed) -> sum(numbers(series, Gathered::total, started, now), !signed);
            case Aggregate.Extreme _ -> gauge(numbers(series, Gathered::extreme, started, now));
            default -> gauge(numbers(series, Gathered::total, started, now));
        };
    }

    private static <P> List<P> points(Map<Attributes, Gathered> series, BiFunction<Attributes, Gathered, P> point) {
        return series.entrySet().stream()
                .map(one -> point.apply(one.getKey(), one.getValue()))
                .toList();
    }

    private static List<LongPointData> numbers(
            Map<Attributes, Gathered> series, ToLongFunction<Gathered> figure, long started, long now) {
        return points(series, (key, one) -> ImmutableLongPointData.create(started, now, key, figure.applyAsLong(one)));
    }

    private MetricData histogram(List<HistogramPointData> points) {
        return ImmutableMetricData.createDoubleHistogram(
                resource,
                scope,
                name,
                description,
                unit,
                ImmutableHistogramData.create(AggregationTemporality.CUMULATIVE, points));
    }

    private MetricData sum(List<LongPointData> points, boolean monotonic) {
        return ImmutableMetricData.createLongSum(
                resource,
                scope,
                name,
                description,
                unit,
                ImmutableSumData.create(monotonic, AggregationTemporality.CUMULATIVE, points));
    }

    private MetricData gauge(List<LongPointData> points) {
        return ImmutableMetricData.createLongGauge(
                resource, scope, name, description, unit, ImmutableGaugeData.create(points));
    }
}
