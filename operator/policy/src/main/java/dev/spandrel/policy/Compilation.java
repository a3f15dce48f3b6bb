package dev.spandrel.policy;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.pcollections.TreePMap;

/** The configuration of every node of the inventory, and what became of every policy. */
public record Compilation(TreePMap<String, NodeTarget> nodes, TreePMap<Policy.Key, PolicyResult> policies) {
    public static final Compilation EMPTY = new Compilation(TreePMap.empty(), TreePMap.empty());

    public static Compilation of(Map<String, NodeTarget> nodes, Map<Policy.Key, PolicyResult> policies) {
        return new Compilation(TreePMap.from(nodes), TreePMap.from(policies));
    }

    /** The next time at which a policy ends by itself. */
    public Optional<Instant> nextExpiry() {
        return policies.values().stream()
                .flatMap(result -> result.expiry().stream())
                .filter(expiry -> !expiry.over())
                .map(PolicyResult.Expiry::at)
                .min(Comparator.naturalOrder());
    }

    /** What a node is to do; nothing, if the inventory does not name it. */
    public NodeTarget node(String name) {
        return nodes.getOrDefault(name, NodeTarget.NOTHING);
    }
}
