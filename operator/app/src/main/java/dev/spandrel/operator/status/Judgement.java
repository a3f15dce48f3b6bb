package dev.spandrel.operator.status;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.Condition.Reason;
import dev.spandrel.crds.Condition.Type;
import dev.spandrel.policy.PolicyResult;
import dev.spandrel.policy.PolicyResult.Expiry;
import dev.spandrel.policy.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What holds of one policy, from what was compiled and from the states of the nodes it is in force on. */
record Judgement(PolicyResult result, SortedMap<String, NodeState> nodes) {
    private static final int NAMED = 5;

    List<Condition> conditions(Conditions conditions) {
        if (result.expiry().filter(Expiry::over).isPresent()) {
            expired(conditions, result.expiry().get());
            return conditions.build();
        }
        boolean accepted = accepted(conditions);
        boolean programmed = programmed(conditions, accepted);
        conditions.add(
                Type.Ready,
                accepted && programmed,
                accepted && programmed ? Reason.Ready : Reason.NotReady,
                accepted && programmed ? "accepted and programmed" : "see " + (accepted ? "Programmed" : "Accepted"));
        conflicted(conditions);
        conditions.progress();
        return conditions.build();
    }

    /** It has done what it was to do: whoever waits for it, or watches its health, sees no failure. */
    static void expired(Conditions conditions, Expiry expiry) {
        String ended = "ended by itself at " + expiry.at() + ", as expiresAfter says";
        conditions.add(Type.Accepted, true, Reason.Expired, ended);
        conditions.add(Type.Programmed, true, Reason.Expired, "there is nothing left to do");
        conditions.add(Type.Ready, true, Reason.Expired, "there is nothing left to do");
        conditions.add(Type.Expired, true, Reason.Expired, ended + "; change it to start it again");
    }

    private boolean accepted(Conditions conditions) {
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
        } else if (!result.fences().isEmpty()) {
            conditions.add(
                    Type.Accepted, true, Reason.Fenced, "in force, but these headers are not captured: " + fences());
        } else if (result.conflicts().isEmpty()) {
            conditions.add(Type.Accepted, true, Reason.Accepted, "in force for all it selects");
        } else {
            conditions.add(Type.Accepted, true, Reason.Accepted, "in force but for what Conflicted names");
        }
        return accepted;
    }

    private String fences() {
        return result.fences().entrySet().stream()
                .map(fence -> String.join(", ", fence.getValue()) + " (not allowed by " + fence.getKey() + ")")
                .collect(Collectors.joining("; "));
    }

    private void conflicted(Conditions conditions) {
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

    private boolean programmed(Conditions conditions, boolean accepted) {
        List<String> rejected = NodeState.of(NodeState.Rejected.class, nodes);
        List<String> pending = NodeState.of(NodeState.Pending.class, nodes);
        List<String> drifted = NodeState.of(NodeState.Drifted.class, nodes);
        List<String> outdated = NodeState.of(NodeState.Outdated.class, nodes);
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
            conditions.add(Type.Programmed, false, Reason.NodesPending, pendingMessage(pending));
        } else if (!outdated.isEmpty()) {
            NodeState.Outdated first = (NodeState.Outdated) nodes.get(outdated.getFirst());
            conditions.add(
                    Type.Programmed,
                    false,
                    Reason.AgentTooOld,
                    "the agents of %d of %d nodes are too old: %s does not know %s; the rest is in their kernels"
                            .formatted(
                                    outdated.size(),
                                    nodes.size(),
                                    names(outdated),
                                    first.fields().stream().sorted().collect(Collectors.joining(", "))));
        } else if (!drifted.isEmpty()) {
            conditions.add(
                    Type.Programmed,
                    false,
                    Reason.Drifted,
                    "the kernels of %d of %d nodes had lost it: %s; it was written anew, and is being watched"
                            .formatted(drifted.size(), nodes.size(), names(drifted)));
        } else {
            conditions.add(
                    Type.Programmed,
                    true,
                    Reason.Programmed,
                    nodes.size() == 1 ? "in the kernel of 1 node" : "in the kernels of all " + nodes.size() + " nodes");
            return true;
        }
        return accepted && nodes.isEmpty();
    }

    private String pendingMessage(List<String> pending) {
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

    static String names(Collection<String> nodes) {
        String first = nodes.stream().limit(NAMED).collect(Collectors.joining(", "));
        return nodes.size() <= NAMED ? first : first + " and " + (nodes.size() - NAMED) + " more";
    }

    private static String pods(int count) {
        return count == 1 ? "1 pod" : count + " pods";
    }
}
