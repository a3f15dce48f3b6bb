package dev.spandrel.operator.status;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.Condition.Reason;
import dev.spandrel.crds.Condition.Type;
import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicyStatus;
import dev.spandrel.crds.TracePolicyStatus.Nodes;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.PolicyResult;
import dev.spandrel.policy.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The status of one policy. A policy that selects nothing is Programmed with reason NothingSelected: there is nothing left to do, and
 * whoever waits for the condition after applying a policy before its pods should not wait for ever.
 */
public final class PolicyStatus {
    private static final int NAMED = 5;

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
        Conditions conditions = new Conditions(before, generation, now);
        boolean accepted = accepted(conditions, result);
        boolean programmed = programmed(conditions, accepted, nodes);
        conditions.add(
                Type.Ready,
                accepted && programmed,
                accepted && programmed ? Reason.Ready : Reason.NotReady,
                accepted && programmed ? "accepted and programmed" : "see " + (accepted ? "Programmed" : "Accepted"));
        conflicted(conditions, result);
        int done = of(nodes, NodeState.Programmed.class).size();
        int rejected = of(nodes, NodeState.Rejected.class).size();
        return new TracePolicyStatus(
                generation,
                conditions.build(),
                result.workloads(),
                Nodes.of(nodes.size(), done, rejected),
                result.configHash());
    }

    private static boolean accepted(Conditions conditions, PolicyResult result) {
        if (!result.problems().isEmpty()) {
            String problems = result.problems().stream().map(Problem::toString).collect(Collectors.joining("; "));
            conditions.add(Type.Accepted, false, Reason.Invalid, problems);
            return false;
        }
        boolean accepted = result.selected() == 0 || result.workloads() > 0;
        if (!accepted) {
            conditions.add(
                    Type.Accepted,
                    false,
                    Reason.Conflicted,
                    "older policies of the same width set all that it sets, see Conflicted");
        } else if (result.conflicts().isEmpty()) {
            conditions.add(Type.Accepted, true, Reason.Accepted, "in force for all it selects");
        } else {
            conditions.add(Type.Accepted, true, Reason.Accepted, "in force but for what Conflicted names");
        }
        return accepted;
    }

    private static void conflicted(Conditions conditions, PolicyResult result) {
        if (!result.conflicts().isEmpty()) {
            String winners = result.conflicts().entrySet().stream()
                    .map(conflict -> "%s wins on %s: %s"
                            .formatted(
                                    conflict.getKey(),
                                    pods(conflict.getValue().workloads()),
                                    String.join(", ", conflict.getValue().fields())))
                    .collect(Collectors.joining("; "));
            conditions.add(Type.Conflicted, true, Reason.OlderWins, winners);
        }
    }

    private static boolean programmed(Conditions conditions, boolean accepted, SortedMap<String, NodeState> nodes) {
        List<String> rejected = of(nodes, NodeState.Rejected.class);
        List<String> pending = of(nodes, NodeState.Pending.class);
        if (!accepted) {
            conditions.add(Type.Programmed, false, Reason.NotAccepted, "not accepted");
        } else if (nodes.isEmpty()) {
            conditions.add(
                    Type.Programmed,
                    true,
                    Reason.NothingSelected,
                    "no scheduled pod is selected: there is nothing to do");
        } else if (!rejected.isEmpty()) {
            NodeState.Rejected first = (NodeState.Rejected) nodes.get(rejected.getFirst());
            conditions.add(
                    Type.Programmed,
                    false,
                    Reason.Rejected,
                    "rejected by %d of %d nodes: %s: %s: %s"
                            .formatted(
                                    rejected.size(), nodes.size(), names(rejected), first.reason(), first.message()));
        } else if (!pending.isEmpty()) {
            conditions.add(Type.Programmed, false, Reason.NodesPending, pendingMessage(nodes, pending));
        } else {
            conditions.add(
                    Type.Programmed, true, Reason.Programmed, "in the kernels of all " + nodes.size() + " nodes");
            return true;
        }
        return accepted && nodes.isEmpty();
    }

    private static String pendingMessage(SortedMap<String, NodeState> nodes, List<String> pending) {
        List<String> absent = pending.stream()
                .filter(node -> !((NodeState.Pending) nodes.get(node)).connected())
                .toList();
        List<String> waiting =
                pending.stream().filter(node -> !absent.contains(node)).toList();
        List<String> parts = new ArrayList<>();
        parts.add("%d of %d nodes acknowledged".formatted(nodes.size() - pending.size(), nodes.size()));
        if (!waiting.isEmpty()) {
            parts.add("waiting for " + names(waiting));
        }
        if (!absent.isEmpty()) {
            parts.add("no agent is connected on " + names(absent));
        }
        return String.join("; ", parts);
    }

    private static List<String> of(SortedMap<String, NodeState> nodes, Class<? extends NodeState> kind) {
        return nodes.keySet().stream()
                .filter(node -> kind.isInstance(nodes.get(node)))
                .toList();
    }

    private static String names(Collection<String> nodes) {
        String first = nodes.stream().limit(NAMED).collect(Collectors.joining(", "));
        return nodes.size() <= NAMED ? first : first + " and " + (nodes.size() - NAMED) + " more";
    }

    private static String pods(int count) {
        return count == 1 ? "1 pod" : count + " pods";
    }
}
