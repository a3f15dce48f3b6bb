package dev.spandrel.agent.probe;

import dev.spandrel.contract.v1.ProbeExport;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.show.Sites;
import dev.spandrel.probe.live.show.Values;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The maps of one probe as metrics, but those that count stacks: cumulative, also over {@code clear()}, since the probe was first attached. Of one thread. */
final class ProbeMetrics {
    private final String probe;
    private final ProbeExport export;
    private final Owners owners;
    private final long attached;
    /** By map: what {@code clear()} and {@code zero()} took away. */
    private final Map<String, Map<Gathered.Key, Gathered>> settled = new HashMap<>();

    private final Map<String, Long> restarted = new HashMap<>();
    private final Set<String> printed = new HashSet<>();

    /** What of the metric belongs to one resource. */
    private record Series(Gathered.Key key, Gathered value) {}

    ProbeMetrics(String probe, ProbeExport export, Owners owners, long attached) {
        this.probe = probe;
        this.export = export;
        this.owners = owners;
        this.attached = attached;
    }

    /** The program shows the map to people: then its numbers are metrics, too. */
    void printed(String map) {
        printed.add(map);
    }

    /** The map is about to be emptied. */
    void settle(Version version, MapSpec spec) {
        MapSpec.Shape shape = spec.shape().orElseThrow();
        if (shape.value() instanceof Aggregate aggregate
                && !(aggregate instanceof Aggregate.Extreme || aggregate instanceof Aggregate.Series)
                && !Sites.has(shape)) {
            settled.merge(
                    spec.name(),
                    Gathered.read(version.session().maps(), spec.name(), aggregate),
                    (a, b) -> sum(a, b, aggregate));
        }
    }

    /** The next version does not go on with these: if it has them, they begin anew. */
    void restart(Set<String> maps, long now) {
        settled.keySet().removeAll(maps);
        maps.forEach(map -> restarted.put(map, now));
    }

    private static Map<Gathered.Key, Gathered> sum(
            Map<Gathered.Key, Gathered> a, Map<Gathered.Key, Gathered> b, Aggregate aggregate) {
        Map<Gathered.Key, Gathered> sum = new LinkedHashMap<>(a);
        b.forEach((key, value) -> sum.merge(key, value, (one, other) -> one.plus(other, aggregate)));
        return sum;
    }

    /** @param now wall-clock nanoseconds */
    List<MetricData> collect(Version version, Values values, InstrumentationScopeInfo scope, long now) {
        List<MetricData> metrics = new ArrayList<>();
        List<MapSpec> maps = version.session().maps().own().stream()
                .filter(spec -> isExported(spec))
                .toList();
        for (MapSpec spec : maps) {
            Map<Resource, List<Series>> byResource = new LinkedHashMap<>();
            read(version, spec)
                    .forEach((key, value) -> byResource
                            .computeIfAbsent(owners.of(key.cgroup()), _ -> new ArrayList<>())
                            .add(new Series(key, value)));
            Naming naming = new Naming(
                    ExportNames.of(probe, export, spec.name(), maps.size()),
                    keyTypes(spec),
                    version.keyNames().getOrDefault(spec.name(), List.of()),
                    values);
            long started = restarted.getOrDefault(spec.name(), attached);
            byResource.forEach((resource, series) -> metrics.add(
                    new MetricForm(resource, scope, naming.metric(), export.getDescription(), export.getUnit())
                            .of(spec.shape().orElseThrow().value(), merged(series, naming, spec), started, now)));
        }
        return metrics;
    }

    private boolean isExported(MapSpec spec) {
        MapSpec.Shape shape = spec.shape().orElseThrow();
        Type value = shape.value();
        return !Sites.has(shape) && (value instanceof Aggregate)
                || value instanceof Type.Int && printed.contains(spec.name());
    }

    private Map<Gathered.Key, Gathered> read(Version version, MapSpec spec) {
        if (spec.shape().orElseThrow().value() instanceof Aggregate aggregate) {
            return sum(
                    settled.getOrDefault(spec.name(), Map.of()),
                    Gathered.read(version.session().maps(), spec.name(), aggregate),
                    aggregate);
        }
        Map<Gathered.Key, Gathered> numbers = new LinkedHashMap<>();
        version.session()
                .maps()
                .entries(spec.name())
                .forEach(entry -> numbers.put(
                        new Gathered.Key(0, ByteBuffer.wrap(entry.key())),
                        new Gathered(1, Bytes.of(entry.slots().getFirst()).getLong(0), 0, new java.util.TreeMap<>())));
        return numbers;
    }

    /** Of a map that gathers the first part of the key says whose it is. */
    private static List<Type> keyTypes(MapSpec spec) {
        MapSpec.Shape shape = spec.shape().orElseThrow();
        return shape.value() instanceof Aggregate
                ? shape.keys().subList(1, shape.keys().size())
                : shape.keys();
    }

    /** Cgroups of one workload are one series, as is what shows alike. */
    private static Map<Attributes, Gathered> merged(List<Series> series, Naming naming, MapSpec spec) {
        Map<Attributes, Gathered> merged = new LinkedHashMap<>();
        series.forEach(one -> merged.merge(
                naming.attributes(one.key().rest().array()),
                one.value(),
                (a, b) ->
                        spec.shape().orElseThrow().value() instanceof Aggregate aggregate ? a.plus(b, aggregate) : b));
        return merged;
    }

    private record Naming(String metric, List<Type> types, List<String> names, Values values) {
        Attributes attributes(byte[] key) {
            AttributesBuilder attributes = Attributes.builder();
            int at = 0;
            for (int i = 0; i < types.size(); i++) {
                String name = i < names.size() ? names.get(i) : "key" + (i + 1);
                if (types.get(i) instanceof Type.Int) {
                    attributes.put(name, Bytes.of(key).getLong(at));
                } else {
                    attributes.put(name, values.show(types.get(i), key, at, 0).strip());
                }
                at += types.get(i).stored();
            }
            return attributes.build();
        }
    }
}
