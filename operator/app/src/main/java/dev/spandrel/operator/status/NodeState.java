package dev.spandrel.operator.status;

import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** How far one node is with one policy. */
sealed interface NodeState {
    /**
     * In its kernel, as far as anybody knows.
     *
     * @param patience after which it is to be looked at again, if nothing was heard: it is about to acknowledge one more pod, or to come back; zero: it is certain
     */
    record Programmed(Duration patience) implements NodeState {}

    record Rejected(String reason, String message) implements NodeState {}

    /** The agent runs by it, but for these fields, which it does not know. */
    record Outdated(Set<String> fields) implements NodeState {
        public Outdated {
            fields = Set.copyOf(fields);
        }
    }

    /** The kernel did not hold what the agent had written, and it is not certain yet that it does now. */
    record Drifted() implements NodeState {}

    /**
     * No answer yet.
     *
     * @param patience how long it may yet take without being worth a word
     */
    record Pending(boolean connected, Duration patience) implements NodeState {}

    Programmed CERTAIN = new Programmed(Duration.ZERO);

    /** An agent comes back within its longest back-off, 10 s; until then what it acknowledged last is believed. */
    Duration RECONNECT = Duration.ofSeconds(12);

    /** How long acknowledgements of that many nodes take: most a few milliseconds, those of thousands one after the other. */
    static Duration roundTrip(int nodes) {
        return Duration.ofNanos(Math.max(150_000_000L, 200_000L * nodes));
    }

    /**
     * Another policy's change that is on its way is none of this one's, see {@link PlannedWorkload#isDoneAlike(PlannedWorkload, Policy.Key)}.
     *
     * @param ids of the workloads of the node that the policy is in force for
     * @param sinceTarget since the node is to do what it is to do now
     * @param sincePolicy since the policy is in force where and as it is now
     * @param roundTrip for how long an acknowledgement is waited for without a word
     */
    static NodeState of(
            Policy.Key policy,
            NodeTarget target,
            Set<String> ids,
            NodeProgress progress,
            Duration sinceTarget,
            Duration sincePolicy,
            Duration roundTrip) {
        boolean holds = progress.acknowledged()
                .filter(held -> holds(policy, held, target, ids))
                .isPresent();
        if (progress.disconnectedNanos().isPresent()) {
            Duration away = Duration.ofNanos(progress.disconnectedNanos().get());
            if (!holds || away.compareTo(RECONNECT) >= 0) {
                return new Pending(false, RECONNECT.minus(away));
            }
        } else if (!holds) {
            Duration patience = roundTrip.minus(sinceTarget);
            boolean known = progress.acknowledged().isPresent() && sincePolicy.compareTo(roundTrip) > 0;
            return known && patience.isPositive() ? new Programmed(patience) : new Pending(true, patience);
        }
        Duration patience = progress.disconnectedNanos()
                .map(away -> RECONNECT.minus(Duration.ofNanos(away)))
                .orElse(Duration.ZERO);
        return ids.stream()
                .filter(progress.rejected()::containsKey)
                .sorted()
                .findFirst()
                .<NodeState>map(id -> rejected(progress.rejected().get(id)))
                .orElseGet(() -> inKernel(policy, target, ids, progress, patience));
    }

    /** As nearly all nodes are, nearly always: nothing of what follows has to be looked at. */
    static boolean isCertain(NodeTarget target, NodeProgress progress) {
        return progress.disconnectedNanos().isEmpty()
                && progress.acknowledged().isPresent()
                && progress.acknowledged().get().version().equals(target.version())
                && progress.rejected().isEmpty()
                && progress.drifted().isEmpty()
                && progress.known().all();
    }

    private static NodeState inKernel(
            Policy.Key policy, NodeTarget target, Set<String> ids, NodeProgress progress, Duration patience) {
        if (ids.stream().anyMatch(progress.drifted()::contains)) {
            return new Drifted();
        }
        if (progress.known().all()) {
            return new Programmed(patience);
        }
        Set<String> missing = target.workloads().stream()
                .filter(workload -> ids.contains(workload.id()))
                .flatMap(workload -> progress.known().missing(workload.alone(policy)).stream())
                .collect(Collectors.toSet());
        return missing.isEmpty() ? new Programmed(patience) : new Outdated(missing);
    }

    /** The names of the nodes in a state. */
    static List<String> of(Class<? extends NodeState> kind, SortedMap<String, NodeState> nodes) {
        return nodes.entrySet().stream()
                .filter(node -> kind.isInstance(node.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static NodeState rejected(Rejection rejection) {
        return new Rejected(rejection.getReason(), rejection.getMessage());
    }

    /** Other workloads of the node may still be on their way: only the policy's own count. What is known about a pod besides may change, too: it is not the policy's. */
    private static boolean holds(Policy.Key policy, NodeTarget held, NodeTarget target, Set<String> ids) {
        if (held.version().equals(target.version())) {
            return true;
        }
        return ids.stream()
                .allMatch(id -> target.workload(id)
                        .map(wanted -> held.workload(id)
                                .filter(there -> wanted.isDoneAlike(there, policy))
                                .isPresent())
                        .orElse(true));
    }
}
