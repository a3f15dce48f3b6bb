package dev.spandrel.policy;

import dev.spandrel.crds.PodSelector;
import dev.spandrel.policy.Inventory.Entry;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
                reach(key.namespace(), was, is);
            }
        }
        if (!changed.isEmpty()) {
            candidates = after;
            chains.of(after.values(), changed);
        }
        return changed;
    }

    /** All that one of them selects is to be looked at; of a policy that is in force as before and now, both in one go. */
    private void reach(String namespace, @Nullable Candidate... candidates) {
        List<@Nullable PodSelector> selectors = Arrays.stream(candidates)
                .filter(candidate -> candidate != null && candidate.isInForce())
                .map(candidate -> candidate.policy().spec().podSelector())
                .distinct()
                .toList();
        if (selectors.isEmpty()) {
            return;
        }
        if (scope.isNarrow(namespace)) {
            for (String id : idsByNamespace.getOrDefault(namespace, Set.of())) {
                touch(placed.get(id).entry(), selectors);
            }
        } else {
            for (PlannedWorkload workload : placed.values()) {
                if (scope.reaches(namespace, workload.entry().namespace())) {
                    touch(workload.entry(), selectors);
                }
            }
        }
    }

    /** One that is put or removed already stays what it is to be. */
    private void touch(Entry entry, List<@Nullable PodSelector> selectors) {
        for (PodSelector selector : selectors) {
            if (Selector.matches(selector, entry.labels())) {
                if (changedEntries.add(entry.id())) {
                    wanted.put(entry.id(), entry);
                }
                return;
            }
        }
    }

    /** @param fresh policies whose count begins anew: what they were counted for before is forgotten */
    @SuppressWarnings("ReferenceEquality") // equal ones that are not the same leave and come
    private void replace(String id, Set<Policy.Key> fresh, Set<String> changedNodes, Set<Policy.Key> changedPolicies) {
        PlannedWorkload before = placed.get(id);
        Entry entry = wanted.get(id);
        PlannedWorkload now = entry == null ? null : PlannedWorkload.of(entry, chains.plan(entry), before);
        if (before != null && now != null && before.entry() == now.entry()) { // as after a change of a policy
            placed.put(id, now);
            nodes.get(now.entry().node()).replace(now);
            changedNodes.add(now.entry().node());
        } else {
            if (before != null) {
                leave(before, changedNodes);
            }
            if (now != null) {
                come(now, changedNodes);
            }
        }
        recount(before, now, fresh, changedPolicies);
    }

    private void leave(PlannedWorkload workload, Set<String> changedNodes) {
        placed.remove(workload.id());
        idsByNamespace.computeIfPresent(workload.entry().namespace(), (_, ids) -> without(ids, workload.id()));
        nodes.get(workload.entry().node()).remove(workload.id());
        changedNodes.add(workload.entry().node());
    }

    private void come(PlannedWorkload workload, Set<String> changedNodes) {
        placed.put(workload.id(), workload); // the very same text: there may be a hundred thousand
        idsByNamespace
                .computeIfAbsent(workload.entry().namespace(), _ -> new HashSet<>())
                .add(workload.id());
        nodes.computeIfAbsent(workload.entry().node(), _ -> new NodeWorkloads()).put(workload);
        changedNodes.add(workload.entry().node());
    }

    private static @Nullable Set<String> without(Set<String> ids, String id) {
        ids.remove(id);
        return ids.isEmpty() ? null : ids;
    }

    private void recount(
            @Nullable PlannedWorkload before,
            @Nullable PlannedWorkload now,
            Set<Policy.Key> fresh,
            Set<Policy.Key> changedPolicies) {
        for (Policy.Key key : keys(before)) {
            if (!fresh.contains(key)) {
                candidates.get(key).tally().recount(before, keys(now).contains(key) ? now : null);
                changedPolicies.add(key);
            }
        }
        for (Policy.Key key : keys(now)) {
            if (fresh.contains(key) || !keys(before).contains(key)) {
                candidates.get(key).tally().recount(null, now);
                changedPolicies.add(key);
            }
        }
    }

    private static Set<Policy.Key> keys(@Nullable PlannedWorkload workload) {
        return workload == null ? Set.of() : workload.policies();
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
