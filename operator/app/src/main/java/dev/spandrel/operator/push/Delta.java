package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.NodeProbes;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.PlannedWorkload;
import dev.spandrel.policy.Policy;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agent has to be told. Pure.
 *
 * @param probed the workloads that the probe sets name
 * @param full whatever the agent holds besides is no more
 */
record Delta(
        String version,
        Difference<PlannedWorkload> workloads,
        Difference<ProbeSetConfig> probeSets,
        Difference<Workload> probed,
        boolean full) {
    static Delta between(Optional<NodeTarget> held, NodeTarget target) {
        return held.map(before -> between(before, target)).orElseGet(() -> full(target));
    }

    private static Delta full(NodeTarget target) {
        return new Delta(
                target.version(),
                Difference.all(target.workloads()),
                Difference.all(target.probes().sets()),
                Difference.all(target.probes().probed()),
                true);
    }

    private static Delta between(NodeTarget held, NodeTarget target) {
        NodeProbes before = held.probes();
        NodeProbes after = target.probes();
        return new Delta(
                target.version(),
                Difference.between(
                        held.workloads(), target.workloads(), PlannedWorkload::id, PlannedWorkload::isToldAlike),
                Difference.between(before.sets(), after.sets(), ProbeSetConfig::getName, ProbeSetConfig::equals),
                Difference.between(before.probed(), after.probed(), Workload::getId, Workload::equals),
                false);
    }

    /** Because of which something else is done than what was held. */
    Set<Policy.Key> policies(Optional<NodeTarget> held) {
        Set<Policy.Key> policies = new HashSet<>();
        for (PlannedWorkload after : workloads.changed()) {
            policies.addAll(PlannedWorkload.apart(workload(held, after.id()), after));
        }
        for (String id : workloads.removed()) {
            policies.addAll(PlannedWorkload.apart(workload(held, id), null));
        }
        return policies;
    }

    private static @Nullable PlannedWorkload workload(Optional<NodeTarget> held, String id) {
        return held.flatMap(target -> target.workload(id)).orElse(null);
    }

    Push push(String nonce) {
        return Push.newBuilder()
                .setNonce(nonce)
                .setVersion(version)
                .addAllWorkloads(workloads.changed().stream()
                        .map(PlannedWorkload::message)
                        .toList())
                .addAllRemoved(workloads.removed())
                .addAllProbeSets(probeSets.changed())
                .addAllRemovedProbeSets(probeSets.removed())
                .addAllProbed(probed.changed())
                .addAllRemovedProbed(probed.removed())
                .setFull(full)
                .build();
    }
}
