package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.Push;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.PlannedWorkload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an agent has to be told. Pure.
 *
 * @param told new workloads, and those that are told otherwise than before
 * @param removed ids, sorted
 * @param full whatever the agent holds besides is no more
 */
record Delta(String version, List<PlannedWorkload> told, List<String> removed, boolean full) {
    static Delta between(Optional<NodeTarget> held, NodeTarget target) {
        return held.map(before -> between(before, target))
                .orElseGet(() -> new Delta(target.version(), target.workloads(), List.of(), true));
    }

    /** Both are sorted by id. */
    private static Delta between(NodeTarget held, NodeTarget target) {
        List<PlannedWorkload> told = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<PlannedWorkload> before = held.workloads();
        int next = 0;
        for (PlannedWorkload workload : target.workloads()) {
            while (next < before.size() && before.get(next).id().compareTo(workload.id()) < 0) {
                removed.add(before.get(next++).id());
            }
            boolean known = next < before.size() && before.get(next).id().equals(workload.id());
            if (!known || !before.get(next).isToldAlike(workload)) {
                told.add(workload);
            }
            next += known ? 1 : 0;
        }
        before.subList(next, before.size()).forEach(workload -> removed.add(workload.id()));
        return new Delta(target.version(), told, removed, false);
    }

    Set<String> ids() {
        return told.stream().map(PlannedWorkload::id).collect(Collectors.toUnmodifiableSet());
    }

    Push push(String nonce) {
        return Push.newBuilder()
                .setNonce(nonce)
                .setVersion(version)
                .addAllWorkloads(told.stream().map(PlannedWorkload::message).toList())
                .addAllRemoved(removed)
                .setFull(full)
                .build();
    }
}
