package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.NodeProbes;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.PlannedWorkload;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Of the workloads that it tells of. */
    Set<String> ids() {
        return workloads.changed().stream().map(PlannedWorkload::id).collect(Collectors.toUnmodifiableSet());
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
