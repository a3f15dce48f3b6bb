package dev.spandrel.policy;

import dev.spandrel.policy.Inventory.Entry;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * A compilation that follows its inputs. What it comes to is what {@link Compiler} makes of the same policies and inventory, whatever the way there; what it costs is
 * proportional to what changed: a workload its node, a policy the workloads that it selects or selected. Of one thread.
 */
public final class Recompiler {
    private final Scope scope;
    /** Of what no policy selects, the plan is {@link Plan#NONE}. */
    private final Map<String, PlannedWorkload> placed = new HashMap<>();

    private final Map<String, Set<String>> idsByNamespace = new HashMap<>();
    private final Map<String, NodeWorkloads> nodes = new HashMap<>();
    private final Chains chains;
    private Map<Policy.Key, Candidate> candidates = Map.of();

    /** Made anew after each step: to empty a set costs what was most ever in it. */
    private Set<String> changedEntries = new HashSet<>();

    private Map<String, Entry> wanted = new HashMap<>();
    private TreePMap<String, NodeTarget> targets = TreePMap.empty();
    private TreePMap<Policy.Key, PolicyResult> results = TreePMap.empty();

    private List<Policy> taken = List.of();
    /** In which what was taken is neither more nor less over. */
    private Instant from = Instant.MAX;

    private Instant until = Instant.MIN;

    public Recompiler(Scope scope) {
        this.scope = scope;
        this.chains = new Chains(scope);
    }

    /** A workload is there, or is another one than before. */
    public void put(Entry entry) {
        wanted.put(entry.id(), entry);
        changedEntries.add(entry.id());
    }

    public void remove(String id) {
        wanted.remove(id);
        changedEntries.add(id);
    }

    /**
     * Takes in what was put and removed since, and the policies as they are now.
     *
     * @param now decides which policies have ended by themselves
     */
    public Change compile(Collection<Policy> policies, Instant now) {
        Set<Policy.Key> fresh = take(policies, now);
        Set<Policy.Key> changedPolicies = new HashSet<>(fresh);
        Set<String> changedNodes = new HashSet<>();
        for (String id : changedEntries) {
            replace(id, fresh, changedNodes, changedPolicies);
        }
        changedEntries = new HashSet<>();
        wanted = new HashMap<>();
        conclude(changedNodes);
        conclude(changedPolicies, fresh);
        return new Change(new Compilation(targets, results), changedNodes, changedPolicies);
    }

    /** Returns the policies that are new, other or gone; the workloads that they select or selected are to be looked at. */
    private Set<Policy.Key> take(Collection<Policy> given, Instant now) {
        List<Policy> policies = List.copyOf(given); // the same one, if it cannot change
        if (policies == taken && !now.isBefore(from) && now.isBefore(until)) {
            return Set.of();
        }
        taken = policies;
        from = now;
        Map<Policy.Key, Candidate> before = candidates;
        Map<Policy.Key, Candidate> after = new HashMap<>();
        for (Policy policy : policies) {
            after.put(policy.key(), Candidate.of(policy, scope, now, before.get(policy.key())));
        }
        until = after.values().stream()
                .flatMap(candidate -> candidate.expiry().stream())
                .filter(expiry -> !expiry.over())
                .map(PolicyResult.Expiry::at)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
        Set<Policy.Key> changed = new HashSet<>();
        Set<Policy.Key> keys = new HashSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (Policy.Key key : keys) {
            Candidate was = before.get(key);
            Candidate is = after.get(key);
            if (was != is) {
                changed.add(key);
                reach(was);
                reach(is);
            }
        }
        if (!changed.isEmpty()) {
            candidates = after;
            chains.of(after.values(), changed);
        }
        return changed;
    }

    private void reach(@Nullable Candidate candidate) {
        if (candidate == null || !candidate.isInForce()) {
            return;
        }
        String namespace = candidate.policy().key().namespace();
        if (scope.isNarrow(namespace)) {
            idsByNamespace.getOrDefault(namespace, Set.of()).forEach(id -> touch(id, candidate));
        } else {
            placed.keySet().forEach(id -> touch(id, candidate));
        }
    }

    private void touch(String id, Candidate candidate) {
        Entry entry = placed.get(id).entry();
        if (!changedEntries.contains(id)
                && scope.reaches(candidate.policy().key().namespace(), entry.namespace())
                && Selector.matches(candidate.policy().spec().podSelector(), entry.labels())) {
            wanted.put(id, entry);
            changedEntries.add(id);
        }
    }

    /** @param fresh policies whose count begins anew: what they were counted for before is forgotten */
    private void replace(String id, Set<Policy.Key> fresh, Set<String> changedNodes, Set<Policy.Key> changedPolicies) {
        PlannedWorkload before = placed.remove(id);
        if (before != null) {
            idsByNamespace.computeIfPresent(before.entry().namespace(), (_, ids) -> without(ids, id));
            nodes.get(before.entry().node()).remove(id);
            count(before, -1, key -> !fresh.contains(key), changedPolicies);
            changedNodes.add(before.entry().node());
        }
        Entry entry = wanted.get(id);
        if (entry != null) {
            PlannedWorkload now = PlannedWorkload.of(entry, chains.plan(entry), before);
            placed.put(entry.id(), now); // the very same text: there may be a hundred thousand
            idsByNamespace
                    .computeIfAbsent(entry.namespace(), _ -> new HashSet<>())
                    .add(entry.id());
            nodes.computeIfAbsent(entry.node(), _ -> new NodeWorkloads()).put(now);
            count(now, 1, _ -> true, changedPolicies);
            changedNodes.add(entry.node());
        }
    }

    private static @Nullable Set<String> without(Set<String> ids, String id) {
        ids.remove(id);
        return ids.isEmpty() ? null : ids;
    }

    private void count(
            PlannedWorkload workload, int by, Predicate<Policy.Key> counted, Set<Policy.Key> changedPolicies) {
        for (Policy.Key key : workload.plan().shares().keySet()) {
            if (counted.test(key)) {
                candidates.get(key).tally().count(workload.entry(), workload.plan(), by);
                changedPolicies.add(key);
            }
        }
    }

    /** @param changed those that may be: without those that are not, afterwards */
    private void conclude(Set<String> changed) {
        for (String node : List.copyOf(changed)) {
            NodeTarget before = targets.get(node);
            NodeWorkloads workloads = nodes.get(node);
            if (workloads.isEmpty()) {
                nodes.remove(node);
                targets = targets.minus(node);
                if (before == null) {
                    changed.remove(node);
                }
            } else {
                NodeTarget now = workloads.target();
                if (now.equals(before)) {
                    changed.remove(node);
                } else {
                    targets = targets.plus(node, now);
                }
            }
        }
    }

    /** Likewise; those that are not fresh are the very same if nothing has become of them. */
    @SuppressWarnings("ReferenceEquality")
    private void conclude(Set<Policy.Key> changed, Set<Policy.Key> fresh) {
        for (Policy.Key key : List.copyOf(changed)) {
            PolicyResult before = results.get(key);
            Candidate candidate = candidates.get(key);
            if (candidate == null) {
                results = results.minus(key);
            } else {
                PolicyResult now = candidate.result();
                if (now == before || fresh.contains(key) && now.equals(before)) {
                    changed.remove(key);
                }
                results = results.plus(key, now);
            }
        }
    }
}
