package dev.spandrel.operator.desired;

import com.google.protobuf.ByteString;
import dev.spandrel.crds.Probe;
import dev.spandrel.crds.ProbeSet;
import dev.spandrel.crds.ProbeSetSpec;
import dev.spandrel.crds.ProbeSetStatus;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.ProbeCompilation;
import dev.spandrel.policy.ProbeSetInput;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was compiled of probe sets.
 *
 * @param versions which generation of which object each was, and what had been checked by then
 */
public record ProbeSnapshot(Map<Policy.Key, Version> versions, ProbeCompilation compilation) {
    public static final ProbeSnapshot NONE = new ProbeSnapshot(Map.of(), ProbeCompilation.EMPTY);

    public ProbeSnapshot {
        versions = Map.copyOf(versions);
    }

    /** One generation of one object. */
    record Version(String uid, long generation, String checkedHash) {
        static Version of(ProbeSet set) {
            Long generation = set.getMetadata().getGeneration();
            return new Version(set.getMetadata().getUid(), generation == null ? 0 : generation, checked(set));
        }
    }

    public static Policy.Key key(ProbeSet set) {
        return new Policy.Key(
                set.getMetadata().getNamespace(), set.getMetadata().getName());
    }

    private static String checked(ProbeSet set) {
        ProbeSetStatus status = set.getStatus();
        return status == null ? "" : Objects.requireNonNullElse(status.checkedHash(), "");
    }

    static ProbeSetInput input(ProbeSet set, BpfObjects objects) {
        ProbeSetSpec spec =
                Objects.requireNonNullElse(set.getSpec(), new ProbeSetSpec(null, null, List.of(), null, null));
        return new ProbeSetInput(
                key(set),
                Policies.changed(set),
                spec,
                checked(set),
                objects(set.getMetadata().getNamespace(), spec, objects));
    }

    private static SortedMap<String, ByteString> objects(String namespace, ProbeSetSpec spec, BpfObjects objects) {
        SortedMap<String, ByteString> found = new TreeMap<>();
        for (Probe probe : spec.probes()) {
            if (probe.object() == null) continue;
            Probe.ConfigMapKey from = probe.object().configMap();
            objects.find(namespace, from.name(), from.key()).ifPresent(object -> found.put(probe.name(), object));
        }
        return found;
    }

    static Map<Policy.Key, Version> versions(List<ProbeSet> sets) {
        return sets.stream().collect(Collectors.toMap(ProbeSnapshot::key, Version::of));
    }

    public boolean includes(ProbeSet set) {
        return Version.of(set).equals(versions.get(key(set)));
    }

    /** Sets whose status may be another one than after the earlier snapshot. */
    Set<Policy.Key> changedSince(ProbeSnapshot earlier) {
        Set<Policy.Key> changed = new HashSet<>();
        versions.forEach((key, version) -> {
            if (!version.equals(earlier.versions.get(key))
                    || !Objects.equals(
                            compilation.sets().get(key),
                            earlier.compilation.sets().get(key))) {
                changed.add(key);
            }
        });
        return changed;
    }
}
