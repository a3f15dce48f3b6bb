package dev.spandrel.operator.status;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicyStatus;
import dev.spandrel.crds.TracePolicyStatus.Nodes;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.PolicyResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The status of one policy. A policy that selects nothing is Programmed with reason NothingSelected: there is nothing left to do, and
 * whoever waits for the condition after applying a policy before its pods should not wait for ever.
 */
public final class PolicyStatus {
    private PolicyStatus() {}

    public static Verdict of(
            TracePolicy policy,
            PolicyResult result,
            Compilation compilation,
            Function<String, NodeProgress> progress,
            Duration sinceCompiled,
            Instant now) {
        SortedMap<String, NodeState> nodes = new TreeMap<>();
        result.inForce()
                .forEach((node, ids) -> nodes.put(
                        node, NodeState.of(compilation.node(node), ids, progress.apply(node), sinceCompiled)));
        Duration patience = nodes.values().stream()
                .map(state -> state instanceof NodeState.Pending pending ? pending.patience() : Duration.ZERO)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return patience.isPositive() ? new Verdict.Wait(patience) : new Verdict.Say(status(policy, result, nodes, now));
    }

    private static TracePolicyStatus status(
            TracePolicy policy, PolicyResult result, SortedMap<String, NodeState> nodes, Instant now) {
        List<Condition> before =
                policy.getStatus() == null || policy.getStatus().conditions() == null
                        ? List.of()
                        : policy.getStatus().conditions();
        long generation = policy.getMetadata().getGeneration();
        return new TracePolicyStatus(
                generation,
                new Judgement(result, nodes).conditions(new Conditions(before, generation, now)),
                result.expiry().map(expiry -> expiry.at().toString()).orElse(null),
                result.workloads(),
                Nodes.of(
                        nodes.size(),
                        NodeState.of(NodeState.Programmed.class, nodes).size(),
                        NodeState.of(NodeState.Rejected.class, nodes).size()),
                result.configHash());
    }
}
