package dev.spandrel.policy;

import dev.spandrel.contract.v1.TraceConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** All policies that select one workload, narrow to wide, and the oldest first within a width: each field is the first one's that sets it. */
record Chain(List<Link> links) {
    /** One policy and how much it covers. */
    record Link(Policy policy, Width width) {}

    /**
     * What one policy of a chain comes to.
     *
     * @param inForce something it says holds, or it says nothing and is there
     * @param own what of it holds: another policy of the chain may change, and this does not
     * @param alone what it would come to by itself
     * @param lostTo the older policy of the same width that set a field to something else, and which fields
     */
    record Share(boolean inForce, Digest own, TraceConfig alone, SortedMap<Policy.Key, SortedSet<String>> lostTo) {}

    static Chain of(List<Policy> oldestFirst, Scope scope) {
        return new Chain(oldestFirst.stream()
                .map(policy -> new Link(policy, Width.of(policy, scope)))
                .sorted(Comparator.comparing(Link::width)) // stable
                .toList());
    }

    List<Policy> policies() {
        return links.stream().map(Link::policy).toList();
    }

    Map<Policy.Key, Share> shares() {
        Map<Policy.Key, SortedMap<Policy.Key, SortedSet<String>>> lost = new HashMap<>();
        Field.ALL.forEach(field -> collect(field, lost));
        Effective effective = new Effective(policies());
        Map<Policy.Key, Share> shares = new HashMap<>();
        for (Policy policy : policies()) {
            SortedMap<Policy.Key, SortedSet<String>> lostTo = lost.getOrDefault(policy.key(), new TreeMap<>());
            List<String> left = new ArrayList<>();
            Field.ALL.stream().filter(field -> field.in(policy) != null).forEach(field -> left.add(field.path()));
            boolean silent = left.isEmpty();
            lostTo.values().forEach(left::removeAll);
            shares.put(
                    policy.key(),
                    new Share(
                            silent || !left.isEmpty(),
                            effective.own(policy),
                            new Effective(List.of(policy)).config(),
                            lostTo));
        }
        return shares;
    }

    private void collect(Field<?> field, Map<Policy.Key, SortedMap<Policy.Key, SortedSet<String>>> lost) {
        Map<Width, Policy> winners = new EnumMap<>(Width.class);
        for (Link link : links) {
            Object value = field.in(link.policy());
            if (value == null) {
                continue;
            }
            Policy winner = winners.putIfAbsent(link.width(), link.policy());
            if (winner != null && !value.equals(field.in(winner))) {
                lost.computeIfAbsent(link.policy().key(), _ -> new TreeMap<>())
                        .computeIfAbsent(winner.key(), _ -> new TreeSet<>())
                        .add(field.path());
            }
        }
    }
}
