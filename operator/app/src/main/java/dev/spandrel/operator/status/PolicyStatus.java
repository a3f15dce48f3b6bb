package dev.spandrel.operator.status;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicyStatus;
import dev.spandrel.crds.TracePolicyStatus.Nodes;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyResult;
import dev.spandrel.policy.PolicyResult.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The status of one policy. A policy that selects nothing is Programmed with reason NothingSelected: there is nothing left to do, and
 * whoever waits for the condition after applying a policy before its pods should not wait for ever.
 */
public final class PolicyStatus {
    private PolicyStatus() {}

    /** For how long things have been as they are. */
    public interface Since {
        /** What the node is to do. */
        Duration node(String name);

        /** Where and as what the policy is in force. */
        Duration policy();
    }

    public static Verdict of(
            TracePolicy policy,
            PolicyResult result,
            Compilation compilation,
            Function<String, NodeProgress> progress,
            Since since,
            Instant now) {
        Policy.Key key = new Policy.Key(
                policy.getMetadata().getNamespace(), policy.getMetadata().getName());
        SortedMap<String, NodeState> nodes = new TreeMap<>();
        List<NodeProgress> reports = new ArrayList<>();
        Duration roundTrip = NodeState.roundTrip(result.inForce().size());
        for (Map.Entry<String, Set<String>> placed : result.inForce().entrySet()) {
            String node = placed.getKey();
            NodeProgress report = progress.apply(node);
            NodeTarget target = compilation.node(node);
            NodeState state = NodeState.isCertain(target, report)
                    ? NodeState.CERTAIN
                    : NodeState.of(key, target, placed.getValue(), report, since.node(node), since.policy(), roundTrip);
            if (state instanceof NodeState.Pending pending && pending.patience().isPositive()) {
                return new Verdict.Wait(pending.patience()); // there may be others: it is looked again
            }
            reports.add(report);
            nodes.put(node, state);
        }
        long generation = policy.getMetadata().getGeneration();
        Optional<Duration> again = nodes.values().stream()
                .map(state -> state instanceof NodeState.Programmed programmed ? programmed.patience() : Duration.ZERO)
                .filter(Duration::isPositive)
                .min(Duration::compareTo);
        return new Verdict.Say(
                new TracePolicyStatus(
                        generation,
                        new Judgement(result, nodes).conditions(new Conditions(conditions(policy), generation, now)),
                        result.expiry().map(expiry -> expiry.at().toString()).orElse(null),
                        result.workloads(),
                        sampling(result),
                        nodes(nodes, reports),
                        result.configHash()),
                again);
    }

    private static List<Condition> conditions(TracePolicy policy) {
        return policy.getStatus() == null || policy.getStatus().conditions() == null
                ? List.of()
                : policy.getStatus().conditions();
    }

    private static @Nullable String sampling(PolicyResult result) {
        if (result.expiry().filter(Expiry::over).isPresent()) {
            return "expired";
        }
        return result.sampling().isEmpty() ? null : result.sampling();
    }

    private static Nodes nodes(SortedMap<String, NodeState> nodes, List<NodeProgress> reports) {
        Map<String, Integer> backends = new TreeMap<>();
        Map<String, Long> lost = new TreeMap<>();
        int losing = 0;
        for (NodeProgress report : reports) {
            if (!report.kernel().getBackend().isEmpty()) {
                backends.merge(report.kernel().getBackend(), 1, Integer::sum);
            }
            boolean loses = false;
            for (Map.Entry<String, Long> loss : report.lost().entrySet()) {
                if (loss.getValue() > 0) {
                    lost.merge(loss.getKey(), loss.getValue(), Long::sum);
                    loses = true;
                }
            }
            losing += loses ? 1 : 0;
        }
        return Nodes.of(
                nodes.size(),
                NodeState.of(NodeState.Programmed.class, nodes).size(),
                NodeState.of(NodeState.Rejected.class, nodes).size(),
                backends,
                losing,
                lost);
    }
}
