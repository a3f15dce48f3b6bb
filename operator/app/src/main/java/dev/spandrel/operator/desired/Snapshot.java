package dev.spandrel.operator.desired;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.policy.Change;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.Policy;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What was compiled, and from which policies.
 *
 * @param origins which generation of which object each policy was
 * @param times when what changed last
 * @param probes the same of probe sets; what nodes are to do because of them is in the compilation
 */
public record Snapshot(
        Map<Policy.Key, Origin> origins,
        List<Policy> policies,
        Compilation compilation,
        Times times,
        ProbeSnapshot probes) {
    public static final Snapshot NONE =
            new Snapshot(Map.of(), List.of(), Compilation.EMPTY, Times.NEVER, ProbeSnapshot.NONE);

    public Snapshot {
        origins = Map.copyOf(origins);
        policies = List.copyOf(policies);
    }

    /**
     * One generation of one object; a policy that is deleted and made anew is another one.
     *
     * @param manager the field manager that set the spec last
     * @param fields what the spec sets
     */
    public record Origin(
            String uid, long generation, Instant changed, String manager, SortedMap<String, String> fields) {
        static Origin of(TracePolicy policy) {
            Long generation = policy.getMetadata().getGeneration();
            return new Origin(
                    policy.getMetadata().getUid(),
                    generation == null ? 0 : generation,
                    Policies.changed(policy),
                    Policies.lastToSetTheSpec(policy)
                            .map(ManagedFieldsEntry::getManager)
                            .orElse(""),
                    Policies.of(policy).fields());
        }
    }

    public boolean includes(TracePolicy policy) {
        return Origin.of(policy).equals(origins.get(Policies.key(policy)));
    }

    /** The next one. */
    Snapshot after(
            Change change, Map<Policy.Key, Origin> origins, List<Policy> policies, ProbeSnapshot probes, long nanos) {
        return new Snapshot(origins, policies, change.compilation(), times.after(change, nanos), probes);
    }

    /** Policies whose status may be another one than after the earlier snapshot. */
    Set<Policy.Key> changedSince(Snapshot earlier, Change change) {
        Set<Policy.Key> changed = new HashSet<>(change.policies());
        origins.forEach((key, origin) -> {
            if (!origin.equals(earlier.origins.get(key))) {
                changed.add(key);
            }
        });
        changed.retainAll(origins.keySet());
        return changed;
    }
}
