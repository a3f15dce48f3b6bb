package dev.spandrel.operator.push;

import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.Policy;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * That a node's progress changed.
 *
 * @param policies whose status it may be about; absent: of all that select something of the node
 */
public record Heard(String node, Optional<Set<Policy.Key>> policies) {
    public static Heard ofAll(String node) {
        return new Heard(node, Optional.empty());
    }

    static Heard of(String node, Set<Policy.Key> policies) {
        return new Heard(node, Optional.of(policies));
    }

    /** Both, of the same node. */
    public Heard and(Heard other) {
        return new Heard(
                node,
                policies.flatMap(some -> other.policies.map(others -> {
                    Set<Policy.Key> all = new HashSet<>(some);
                    all.addAll(others);
                    return all;
                })));
    }

    /** @param target what the node is to do */
    public Set<Policy.Key> policies(NodeTarget target) {
        return policies.orElseGet(target::policies);
    }
}
