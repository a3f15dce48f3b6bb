package dev.spandrel.operator.desired;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyResult;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What was compiled, and from which policies.
 *
 * @param origins which generation of which object each policy was
 * @param atNanos when
 */
public record Snapshot(Map<Policy.Key, Origin> origins, List<Policy> policies, Compilation compilation, long atNanos) {
    public static final Snapshot NONE = new Snapshot(Map.of(), List.of(), Compilation.EMPTY, 0);

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

    /** Policies whose status may be another one than after the earlier snapshot. */
    Set<Policy.Key> changedSince(Snapshot earlier) {
        Set<Policy.Key> changed = new TreeSet<>();
        origins.forEach((key, origin) -> {
            PolicyResult now = compilation.policies().get(key);
            boolean same = origin.equals(earlier.origins.get(key))
                    && now.equals(earlier.compilation.policies().get(key))
                    && now.inForce().keySet().stream()
                            .allMatch(node -> compilation
                                    .node(node)
                                    .getVersion()
                                    .equals(earlier.compilation.node(node).getVersion()));
            if (!same) {
                changed.add(key);
            }
        });
        return changed;
    }
}
