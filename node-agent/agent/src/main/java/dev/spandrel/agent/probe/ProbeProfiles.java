package dev.spandrel.agent.probe;

import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.contract.v1.ProbeExport;
import dev.spandrel.probe.live.profile.Profile;
import dev.spandrel.probe.live.profile.Site;
import dev.spandrel.probe.live.show.Sites;
import dev.spandrel.probe.live.show.Values;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.type.Aggregate;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The maps of one probe that count stacks, as profiles of what came since the last time, also over {@code clear()}. Of one thread. */
final class ProbeProfiles {
    private final String probe;
    private final ProbeExport export;
    private final Owners owners;
    private final Map<String, Counted> counted = new HashMap<>();
    private long from;

    /** Of one map: what it held when it was last read, what came since the last profile, and what keys mean: processes end, and their names with them. */
    private static final class Counted {
        private Map<Gathered.Key, Long> held = Map.of();
        private final Map<Gathered.Key, Long> fresh = new LinkedHashMap<>();
        private final Map<Gathered.Key, Site> sites = new HashMap<>();

        void take(Map<Gathered.Key, Long> now) {
            now.forEach((key, value) -> {
                long more = value - held.getOrDefault(key, 0L);
                if (more != 0) fresh.merge(key, more, Long::sum);
            });
            held = now;
        }
    }

    /** @param attached wall-clock nanoseconds */
    ProbeProfiles(String probe, ProbeExport export, Owners owners, long attached) {
        this.probe = probe;
        this.export = export;
        this.owners = owners;
        this.from = attached;
    }

    /** The map is about to be emptied. */
    void settle(Version version, MapSpec spec) {
        if (!Sites.has(spec.shape().orElseThrow())) return;
        Counted one = take(version, spec);
        one.held = Map.of();
    }

    /** The next version does not go on with these. */
    void restart(Set<String> maps) {
        counted.keySet().removeAll(maps);
    }

    /** @param now wall-clock nanoseconds */
    List<CollectedProfile> collect(Version version, Values values, InstrumentationScopeInfo scope, long now) {
        List<CollectedProfile> profiles = new ArrayList<>();
        List<MapSpec> maps = version.session().maps().own().stream()
                .filter(spec -> Sites.has(spec.shape().orElseThrow()))
                .toList();
        values.forgetProcesses();
        for (MapSpec spec : maps) {
            MapSpec.Shape shape = spec.shape().orElseThrow();
            Sites reader = new Sites(
                    values,
                    shape.keys().subList(1, shape.keys().size()),
                    version.keyNames().getOrDefault(spec.name(), List.of()));
            String type = ExportNames.of(probe, export, spec.name(), maps.size());
            String unit = export.getUnit().isEmpty() ? Sites.unit(shape) : export.getUnit();
            byResource(take(version, spec), reader)
                    .forEach((resource, samples) -> profiles.add(
                            new CollectedProfile(resource, scope, new Profile(type, unit, samples), from, now)));
        }
        from = now;
        return profiles;
    }

    private Counted take(Version version, MapSpec spec) {
        Aggregate aggregate = (Aggregate) spec.shape().orElseThrow().value();
        Map<Gathered.Key, Long> now = new HashMap<>();
        Gathered.read(version.session().maps(), spec.name(), aggregate)
                .forEach(
                        (key, value) -> now.put(key, aggregate instanceof Aggregate.Count ? value.n() : value.total()));
        Counted one = counted.computeIfAbsent(spec.name(), _ -> new Counted());
        one.take(now);
        return one;
    }

    private Map<Resource, Map<Site, Long>> byResource(Counted one, Sites reader) {
        Map<Resource, Map<Site, Long>> byResource = new LinkedHashMap<>();
        one.fresh.forEach((key, value) -> byResource
                .computeIfAbsent(owners.of(key.cgroup()), _ -> new LinkedHashMap<>())
                .merge(site(one, key, reader), value, Long::sum));
        one.fresh.clear();
        one.sites.keySet().retainAll(one.held.keySet());
        return byResource;
    }

    private static Site site(Counted one, Gathered.Key key, Sites reader) {
        return one.sites.computeIfAbsent(key, _ -> reader.of(key.rest().array()));
    }
}
