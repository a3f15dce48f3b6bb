package dev.spandrel.agent.probe;

import dev.spandrel.probe.live.show.Histograms;
import dev.spandrel.probe.type.Aggregate;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Histograms of the probe language as OpenTelemetry's. A bucket of {@code hist()} holds its lower bound and OpenTelemetry's its upper one, so a value that is a
 * power of two may be in the next bucket; counts and sums are exact. Values below zero, of which no more is known, count as zero.
 */
final class Points {
    private Points() {}

    static ExponentialHistogramPointData exponential(
            Aggregate.Histogram histogram, Gathered gathered, Attributes attributes, long started, long now) {
        int scale = histogram.bits();
        long zeroes = 0;
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (Histograms.Bucket bucket : Histograms.buckets(histogram, gathered.buckets())) {
            if (bucket.count() == 0) continue;
            if (bucket.openBelow() || bucket.from() == 0) zeroes += bucket.count();
            else counts.merge(index(bucket, scale), bucket.count(), Long::sum);
        }
        return ImmutableExponentialHistogramPointData.create(
                scale,
                gathered.total(),
                zeroes,
                false,
                0,
                false,
                0,
                buckets(scale, counts),
                ImmutableExponentialHistogramBuckets.create(scale, 0, List.of()),
                started,
                now,
                attributes,
                List.of());
    }

    /** Of the bucket above whose lower, and up to whose upper bound its middle is. */
    static int index(Histograms.Bucket bucket, int scale) {
        double middle = bucket.to() - bucket.from() == 1 ? bucket.from() : bucket.from() / 2.0 + bucket.to() / 2.0;
        return (int) Math.ceil(Math.log(middle) / Math.log(2) * (1 << scale) - 1e-9) - 1;
    }

    private static io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets buckets(
            int scale, SortedMap<Integer, Long> counts) {
        List<Long> dense = new ArrayList<>();
        if (!counts.isEmpty()) {
            for (int i = counts.firstKey(); i <= counts.lastKey(); i++) {
                dense.add(counts.getOrDefault(i, 0L));
            }
        }
        return ImmutableExponentialHistogramBuckets.create(scale, counts.isEmpty() ? 0 : counts.firstKey(), dense);
    }

    static HistogramPointData linear(
            Aggregate.Linear linear, Gathered gathered, Attributes attributes, long started, long now) {
        List<Double> bounds = new ArrayList<>();
        for (long bound = linear.min(); bound < linear.max(); bound += linear.step()) {
            bounds.add((double) bound);
        }
        bounds.add((double) linear.max());
        List<Long> counts = new ArrayList<>();
        for (long i = 0; i <= bounds.size(); i++) {
            counts.add(gathered.buckets().getOrDefault(i, 0L));
        }
        return ImmutableHistogramPointData.create(
                started, now, attributes, gathered.total(), false, 0, false, 0, bounds, counts);
    }

    /** Count and sum, and no bound between values. */
    static HistogramPointData average(Gathered gathered, Attributes attributes, long started, long now) {
        return ImmutableHistogramPointData.create(
                started, now, attributes, gathered.total(), false, 0, false, 0, List.of(), List.of(gathered.n()));
    }
}
