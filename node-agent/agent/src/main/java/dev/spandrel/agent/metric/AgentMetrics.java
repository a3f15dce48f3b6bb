package dev.spandrel.agent.metric;

import dev.spandrel.agent.event.KernelCounter;
import dev.spandrel.agent.tls.TlsFigures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableLongPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The agent's own figures: what it saw, kept and lost, by reason, and how it is. Counters of unloaded sensors stay in the sums. */
public final class AgentMetrics {
    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("dev.spandrel.agent");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("spandrel.reason");
    private static final AttributeKey<String> LIBRARY = AttributeKey.stringKey("spandrel.library");
    private static final AttributeKey<String> MAP = AttributeKey.stringKey("spandrel.map");

    private final Resource resource;
    private final AgentFigures figures;
    private final long started;
    private final long[] settled = new long[KernelCounter.values().length];
    private long settledMissed;

    /** {@code started}: wall-clock nanoseconds. */
    public AgentMetrics(Resource resource, AgentFigures figures, long started) {
        this.resource = resource;
        this.figures = figures;
        this.started = started;
    }

    /** The last word of a sensor. */
    public synchronized void settle(KernelCounts kernel) {
        add(settled, kernel.counters());
        settledMissed += kernel.missed();
    }

    /** Losses since start by reason: those of the kernel and those of the agent. */
    public synchronized Map<String, Long> lost(Optional<KernelCounts> kernel) {
        Map<String, Long> lost = reasons(counters(kernel), KernelCounter.Kind.LOST);
        lost.put("malformed", figures.malformed());
        lost.put("export_queue_full", figures.queueOverflow());
        lost.put("export_refused", figures.refused());
        return lost;
    }

    public synchronized List<MetricData> collect(Optional<KernelCounts> kernel, long now) {
        long[] counters = counters(kernel);
        List<MetricData> metrics = new ArrayList<>();
        Points points = new Points(metrics, now);
        points.sum(
                "spandrel.exchanges",
                "{exchange}",
                "Exchanges of selected workloads.",
                counters[KernelCounter.EXCHANGES.ordinal()]);
        points.sum(
                "spandrel.exchanges.kept",
                "{exchange}",
                "Exchanges that became a record.",
                counters[KernelCounter.KEPT.ordinal()]);
        points.sums(
                "spandrel.exchanges.discarded",
                "{exchange}",
                "Exchanges that became no record, as configured.",
                reasons(counters, KernelCounter.Kind.DISCARDED));
        points.sums(
                "spandrel.connections",
                "{connection}",
                "Connections that turned out to be something else than they began as.",
                reasons(counters, KernelCounter.Kind.CONNECTION));
        points.sums("spandrel.lost", "{event}", "What was lost.", lost(kernel));
        points.sums(
                "spandrel.probes.lost",
                "{item}",
                "What probes made and no receiver took, or found no room.",
                figures.probesLost());
        points.sum(
                "spandrel.programs.missed",
                "{run}",
                "Runs of the hooks that the kernel left out, of any process, as one was at work on the processor.",
                settledMissed + kernel.map(KernelCounts::missed).orElse(0L));
        points.sums("spandrel.truncated", "{event}", "What was cut.", reasons(counters, KernelCounter.Kind.TRUNCATED));
        points.sum("spandrel.records", "{record}", "Records read from the ring.", figures.records());
        points.sum("spandrel.spans.exported", "{span}", "Spans the receiver accepted.", figures.exported());
        points.gauge("spandrel.export.queue.size", "{span}", "Spans that wait for the receiver.", figures.queueSize());
        points.gauge(
                "spandrel.programs.attached",
                "{program}",
                "Programs attached in the kernel.",
                figures.programsAttached());
        points.gauge(
                "spandrel.config.generation",
                "{generation}",
                "Generation of the node config that the kernel decides by.",
                figures.generation());
        points.sum(
                "spandrel.drift",
                "{value}",
                "Values of the kernel's maps that were found gone or changed, and written anew.",
                figures.drift());
        points.gauge("spandrel.workloads", "{cgroup}", "Cgroups of selected workloads.", figures.cgroups());
        points.gauges(
                "spandrel.tls.files",
                "{file}",
                "Files of traced processes with a TLS library whose plaintext is seen.",
                LIBRARY,
                figures.tlsProbed());
        points.gauge(
                "spandrel.tls.refused",
                "{file}",
                "Files of traced processes with a TLS library that cannot be probed, and why.",
                points.refused(figures.tlsRefused()));
        List<MapFill> fills = kernel.map(KernelCounts::fills).orElse(List.of());
        points.gauges(
                "spandrel.map.entries",
                "{entry}",
                "Entries of the kernel's maps that can be full.",
                MAP,
                byMap(fills, MapFill::entries));
        points.gauges(
                "spandrel.map.limit", "{entry}", "Most entries that they take.", MAP, byMap(fills, MapFill::limit));
        points.gauge("spandrel.ring.backlog", "By", "Bytes in the ring that were not read yet.", figures.ringBacklog());
        points.gauge("spandrel.memory.rss", "By", "Resident memory of the agent.", figures.residentBytes());
        return metrics;
    }

    private long[] counters(Optional<KernelCounts> kernel) {
        long[] sum = settled.clone();
        kernel.ifPresent(counts -> add(sum, counts.counters()));
        return sum;
    }

    private static void add(long[] sum, long[] more) {
        Arrays.setAll(sum, i -> sum[i] + (i < more.length ? more[i] : 0));
    }

    private static Map<String, Long> reasons(long[] counters, KernelCounter.Kind kind) {
        Map<String, Long> reasons = new LinkedHashMap<>();
        for (KernelCounter counter : KernelCounter.values()) {
            if (counter.kind() == kind) {
                reasons.put(counter.reason(), counters[counter.ordinal()]);
            }
        }
        return reasons;
    }

    private static Map<String, Long> byMap(List<MapFill> fills, ToLongFunction<MapFill> figure) {
        Map<String, Long> figures = new LinkedHashMap<>();
        fills.forEach(fill -> figures.put(fill.map(), figure.applyAsLong(fill)));
        return figures;
    }

    private final class Points {
        private final List<MetricData> metrics;
        private final long now;

        Points(List<MetricData> metrics, long now) {
            this.metrics = metrics;
            this.now = now;
        }

        void sum(String name, String unit, String description, long value) {
            sum(name, unit, description, List.of(point(Attributes.empty(), value)));
        }

        void sums(String name, String unit, String description, Map<String, Long> byReason) {
            sum(
                    name,
                    unit,
                    description,
                    byReason.entrySet().stream()
                            .map(e -> point(Attributes.of(REASON, e.getKey()), e.getValue()))
                            .toList());
        }

        private void sum(String name, String unit, String description, List<LongPointData> points) {
            metrics.add(ImmutableMetricData.createLongSum(
                    resource,
                    SCOPE,
                    name,
                    description,
                    unit,
                    ImmutableSumData.create(true, AggregationTemporality.CUMULATIVE, points)));
        }

        void gauge(String name, String unit, String description, long value) {
            gauge(name, unit, description, List.of(point(Attributes.empty(), value)));
        }

        void gauges(String name, String unit, String description, AttributeKey<String> key, Map<String, Long> figures) {
            gauge(
                    name,
                    unit,
                    description,
                    figures.entrySet().stream()
                            .map(e -> point(Attributes.of(key, e.getKey()), e.getValue()))
                            .toList());
        }

        List<LongPointData> refused(Map<TlsFigures.Refusal, Long> files) {
            return files.entrySet().stream()
                    .map(e -> point(
                            Attributes.of(
                                    LIBRARY,
                                    e.getKey().library(),
                                    REASON,
                                    e.getKey().cause().word()),
                            e.getValue()))
                    .toList();
        }

        private void gauge(String name, String unit, String description, List<LongPointData> points) {
            metrics.add(ImmutableMetricData.createLongGauge(
                    resource, SCOPE, name, description, unit, ImmutableGaugeData.create(points)));
        }

        private LongPointData point(Attributes attributes, long value) {
            return ImmutableLongPointData.create(started, now, attributes, value);
        }
    }
}
