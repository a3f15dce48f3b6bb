package dev.spandrel.agent.probe;

import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.agent.span.WallClock;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.ebpf.LoadedProgram;
import dev.spandrel.probe.live.object.ExportedMap;
import dev.spandrel.probe.live.object.ObjectSession;
import dev.spandrel.probe.live.object.Reading;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A compiled object; the maps that it gives out are metrics, its ring buffers log records. Of one thread. */
final class ObjectProgram implements Program {
    private final ObjectSession session;
    private final ProbeConfig probe;
    private final Owners owners;
    private final InstrumentationScopeInfo scope;
    private final ObjectRecords records;
    private final long attached;

    /** @param attached wall-clock nanoseconds */
    ObjectProgram(
            ObjectSession session,
            ProbeConfig probe,
            Owners owners,
            WallClock clock,
            InstrumentationScopeInfo scope,
            long attached) {
        this.session = session;
        this.probe = probe;
        this.owners = owners;
        this.scope = scope;
        this.attached = attached;
        this.records = new ObjectRecords(owners, clock, scope);
    }

    @Override
    public void select(Set<Long> cgroups) {
        session.select(cgroups);
    }

    @Override
    public boolean poll(Printing printing) {
        session.drain(record -> printing.print(() -> records.of(record)));
        return true;
    }

    @Override
    public void stop(Printing printing) {
        session.stop();
        poll(printing);
    }

    @Override
    public Collection<LoadedProgram.Statistics> statistics() {
        return session.statistics().values();
    }

    @Override
    public long lost() {
        return session.unreadable();
    }

    @Override
    public long full() {
        return 0;
    }

    @Override
    public List<MetricData> metrics(long now) {
        List<MetricData> metrics = new ArrayList<>();
        for (ExportedMap map : session.exported()) {
            String name = ExportNames.of(
                    probe.getName(),
                    probe.getExport(),
                    "@" + map.name(),
                    session.exported().size());
            series(map)
                    .forEach((resource, series) -> metrics.add(new MetricForm(
                                    resource,
                                    scope,
                                    name,
                                    probe.getExport().getDescription(),
                                    probe.getExport().getUnit())
                            .of(type(map.kind()), series, attached, now)));
        }
        return metrics;
    }

    private static Type type(ExportedMap.Kind kind) {
        return switch (kind) {
            case COUNT -> new Aggregate.Sum(false);
            case LEVEL -> Type.INT64;
            case HISTOGRAM -> new Aggregate.Histogram(0);
        };
    }

    private Map<Resource, Map<Attributes, Gathered>> series(ExportedMap map) {
        Map<Resource, Map<Attributes, Gathered>> series = new LinkedHashMap<>();
        for (Reading reading : session.read(map)) {
            series.computeIfAbsent(owners.of(reading.cgroup()), _ -> new LinkedHashMap<>())
                    .merge(
                            ObjectRecords.attributes(reading.attributes()),
                            gathered(map.kind(), reading.slots()),
                            (a, b) -> a.plus(b, new Aggregate.Sum(false)));
        }
        return series;
    }

    private static Gathered gathered(ExportedMap.Kind kind, long[] slots) {
        if (kind != ExportedMap.Kind.HISTOGRAM) return new Gathered(1, slots[0], 0, new TreeMap<>());
        TreeMap<Long, Long> buckets = new TreeMap<>();
        long n = 0;
        for (int i = 0; i < slots.length; i++) {
            n += slots[i];
            // The language counts zero by itself, and has one for what is below.
            if (slots[i] != 0) buckets.put(i + 2L, slots[i]);
        }
        return new Gathered(n, 0, 0, buckets);
    }

    @Override
    public List<CollectedProfile> profiles(long now) {
        return List.of();
    }

    @Override
    public Map<String, Set<String>> files() {
        return Map.of();
    }

    @Override
    public void close() {
        session.close();
    }
}
