package dev.spandrel.operator.push;

import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.PlannedWorkload;
import dev.spandrel.policy.Policy;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * That a node's progress changed.
 *
 * @param workloads ids of those whose state may be another one; absent: any may
 */
public record Heard(String node, Optional<Set<String>> workloads) {
    public static Heard ofAll(String node) {
        return new Heard(node, Optional.empty());
    }

    static Heard of(String node, Set<String> workloads) {
        return new Heard(node, Optional.of(workloads));
    }

    /** Both, of the same node. */
    public Heard and(Heard other) {
        return new Heard(
                node,
                workloads.flatMap(some -> other.workloads.map(others -> {
                    Set<String> all = new HashSet<>(some);
                    all.addAll(others);
                    return all;
                })));
    }

    /** Whose status it may be about. */
    public Set<Policy.Key> policies(NodeTarget target) {
        return workloads
                .map(ids -> target.workloads().stream()
                        .filter(workload -> ids.contains(workload.id()))
                        .map(PlannedWorkload::policies)
                        .flatMap(Set::stream)
                        .collect(Collectors.toSet()))
                .orElseGet(target::policies);
    }
}
