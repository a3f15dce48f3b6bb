package dev.spandrel.agent.metric;

import dev.spandrel.agent.event.RequestCount;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Cumulative request duration histograms. What the kernel counts now is added to what was settled: entries of workloads that are gone, and all entries of a
 * sensor that was unloaded.
 */
public final class RequestMetrics {
    static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("dev.spandrel");
    private static final long RETENTION = Duration.ofMinutes(5).toNanos();

    private record Age(long started, long changed, long count) {}

    private final LongFunction<Optional<Resource>> workloads;
    private final Resource host;
    private final Map<Long, Resource> known = new HashMap<>();
    private final Map<Series, Totals> settled = new HashMap<>();
    private final Map<Series, Age> ages = new HashMap<>();
    private Map<String, Long> orphans = Map.of();

    /** {@code workloads}: the resource of a cgroup while it is selected; {@code host}: of what was never known. */
    public RequestMetrics(LongFunction<Optional<Resource>> workloads, Resource host) {
        this.workloads = workloads;
        this.host = host;
    }

    /** Cumulative sums as of now, in wall-clock nanoseconds. Settles what can be settled. */
    public synchronized List<MetricData> collect(Optional<KernelCounts> kernel, long now) {
        List<RequestCount> entries = kernel.map(KernelCounts::requests).orElse(List.of());
        Map<Series, Totals> sums = new LinkedHashMap<>(settled);
        entries.forEach(entry -> sums.merge(series(entry), Totals.ZERO.plus(entry), Totals::plus));
        kernel.ifPresent(counts -> settleOrphans(counts, entries));
        age(sums, entries, now);
        return histograms(sums, now);
    }

    /** The last word of a sensor. */
    public synchronized void settle(KernelCounts kernel) {
        kernel.requests().forEach(this::settle);
        orphans = Map.of();
    }

    private void settle(RequestCount entry) {
        settled.merge(series(entry), Totals.ZERO.plus(entry), Totals::plus);
    }

    private Series series(RequestCount entry) {
        workloads.apply(entry.cgroup()).ifPresent(resource -> known.put(entry.cgroup(), resource));
        return Series.of(known.getOrDefault(entry.cgroup(), host), entry);
    }

    /** Entries that belonged to nobody twice in a row, and did not move in between, leave the kernel's map. */
    private void settleOrphans(KernelCounts kernel, List<RequestCount> entries) {
        Map<String, Long> now = new HashMap<>();
        List<RequestCount> gone = new ArrayList<>();
        for (RequestCount entry : entries) {
            if (workloads.apply(entry.cgroup()).isPresent()) {
                continue;
            }
            Long before = orphans.get(entry.key());
            if (before != null && before == entry.count()) {
                gone.add(entry);
            } else {
                now.put(entry.key(), entry.count());
            }
        }
        gone.forEach(this::settle);
        kernel.remove(gone);
        orphans = now;
    }

    /** Forgets settled series that nothing has counted into for a while. */
    private void age(Map<Series, Totals> sums, List<RequestCount> entries, long now) {
        Set<Series> live = new HashSet<>();
        Set<Long> cgroups = new HashSet<>();
        entries.forEach(entry -> {
            live.add(series(entry));
            cgroups.add(entry.cgroup());
        });
        known.keySet().retainAll(cgroups);
        sums.forEach((series, totals) -> {
            Age age = ages.get(series);
            if (age == null) {
                ages.put(series, new Age(now, now, totals.count()));
            } else if (age.count != totals.count()) {
                ages.put(series, new Age(age.started, now, totals.count()));
            }
        });
        settled.keySet().removeIf(series -> !live.contains(series) && now - ages.get(series).changed > RETENTION);
        ages.keySet().retainAll(sums.keySet());
    }

    private List<MetricData> histograms(Map<Series, Totals> sums, long now) {
        record Stream(Resource resource, Instrument instrument) {}
        Map<Stream, List<HistogramPointData>> points = new LinkedHashMap<>();
        sums.forEach((series, totals) -> points.computeIfAbsent(
                        new Stream(series.resource(), series.instrument()), key -> new ArrayList<>())
                .add(point(series, totals, ages.get(series).started, now)));
        List<MetricData> metrics = new ArrayList<>();
        points.forEach((stream, list) -> metrics.add(ImmutableMetricData.createDoubleHistogram(
                stream.resource(),
                SCOPE,
                stream.instrument().metric(),
                stream.instrument().description(),
                "s",
                ImmutableHistogramData.create(AggregationTemporality.CUMULATIVE, list))));
        return metrics;
    }

    private static HistogramPointData point(Series series, Totals totals, long started, long now) {
        return ImmutableHistogramPointData.create(
                started,
                now,
                series.attributes(),
                totals.durationNanos() / 1e9,
                false,
                0,
                false,
                0,
                series.instrument().bounds(),
                series.instrument().fold(totals.buckets()));
    }
}
