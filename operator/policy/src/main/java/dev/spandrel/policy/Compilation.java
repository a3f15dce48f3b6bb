package dev.spandrel.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The configuration of every node of the inventory, and what became of every policy. */
public record Compilation(SortedMap<String, NodeTarget> nodes, SortedMap<Policy.Key, PolicyResult> policies) {
    public static final Compilation EMPTY = new Compilation(new TreeMap<>(), new TreeMap<>());

    public Compilation {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
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
