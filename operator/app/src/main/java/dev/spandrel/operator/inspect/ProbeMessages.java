package dev.spandrel.operator.inspect;

import dev.spandrel.contract.v1.PolicyList;
import dev.spandrel.contract.v1.ProbeFigures;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.ProbeSetState;
import dev.spandrel.operator.desired.Snapshot;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.operator.status.ProbeTally;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.ProbeSetResult;
import dev.spandrel.policy.Problem;
import java.util.List;
import java.util.function.Function;

/** Probe sets in the contract's terms. Pure. */
final class ProbeMessages {
    private ProbeMessages() {}

    /** @param namespace empty: all */
    static void list(
            Snapshot snapshot, String namespace, Function<String, NodeProgress> progress, PolicyList.Builder list) {
        snapshot.probes().compilation().sets().forEach((key, result) -> {
            if (namespace.isEmpty() || namespace.equals(key.namespace())) {
                list.addProbeSets(set(key, result, snapshot, progress));
            }
        });
    }

    private static ProbeSetState set(
            Policy.Key key, ProbeSetResult result, Snapshot snapshot, Function<String, NodeProgress> progress) {
        ProbeTally tally = ProbeTally.of(key.toString(), result, snapshot.compilation(), progress);
        ProbeSetState.Builder set = ProbeSetState.newBuilder()
                .setNamespace(key.namespace())
                .setName(key.name())
                .setPods(result.pods())
                .setDesired(result.nodes().size())
                .setAttached(result.attach() ? tally.taken() : 0)
                .setRefused(tally.refused())
                .setStopped(tally.stopped())
                .setEnabled(result.enabled())
                .addAllProblems(
                        result.problems().stream().map(Problem::toString).toList())
                .addAllProblems(tally.faults());
        result.expiry()
                .ifPresent(expiry -> set.setExpiresAt(expiry.at().toString()).setExpired(expiry.over()));
        tally.probes()
                .forEach((name, figures) -> set.addProbes(ProbeFigures.newBuilder()
                        .setName(name)
                        .setEvents(figures.events())
                        .setLost(figures.lost())
                        .setCpuMillionths(figures.cpuMillionths())
                        .setCpuMeasured(figures.measured())));
        return set.build();
    }

    /** Names of the sets that see a workload of a node. */
    static List<String> seeing(Snapshot snapshot, String node, String workload) {
        return snapshot.compilation().node(node).probes().sets().stream()
                .filter(set -> set.getAttach()
                        && (set.getWholeNode() || set.getWorkloadsList().contains(workload)))
                .map(ProbeSetConfig::getName)
                .sorted()
                .toList();
    }
}
