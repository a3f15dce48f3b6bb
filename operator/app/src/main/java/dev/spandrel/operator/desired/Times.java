package dev.spandrel.operator.desired;

import dev.spandrel.policy.Change;
import dev.spandrel.policy.Policy;
import java.util.HashMap;
import java.util.Map;

/**
 * When, on the clock of {@link System#nanoTime}, a node's configuration and what became of a policy changed last. Only what is recent matters: older times are forgotten.
 */
public record Times(Map<String, Long> nodes, Map<Policy.Key, Long> policies) {
    static final Times NEVER = new Times(Map.of(), Map.of());
    /** Longer than anybody waits for an acknowledgement. */
    private static final long RECENT = 1_000_000_000;

    public Times {
        nodes = Map.copyOf(nodes);
        policies = Map.copyOf(policies);
    }

    Times after(Change change, long nanos) {
        return new Times(with(nodes, change.nodes(), nanos), with(policies, change.policies(), nanos));
    }

    private static <K> Map<K, Long> with(Map<K, Long> before, Iterable<K> changed, long nanos) {
        Map<K, Long> now = new HashMap<>(before);
        now.values().removeIf(time -> nanos - time > RECENT);
        changed.forEach(key -> now.put(key, nanos));
        return now;
    }

    public long sinceNode(String node, long nanos) {
        return since(nodes.get(node), nanos);
    }

    public long sincePolicy(Policy.Key policy, long nanos) {
        return since(policies.get(policy), nanos);
    }

    private static long since(Long time, long nanos) {
        return time == null ? Long.MAX_VALUE : nanos - time;
    }
}
