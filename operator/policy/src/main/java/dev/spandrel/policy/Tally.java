package dev.spandrel.policy;

import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.policy.PolicyResult.Conflict;
import dev.spandrel.policy.PolicyResult.Expiry;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts what one policy is for: by plan, of which there are few, and by node. */
final class Tally {
    private final Policy.Key policy;
    /** By identity: a plan is made once for its chain. */
    private final Map<Plan, Integer> plans = new IdentityHashMap<>();
    /** The sets are shared with results, and never changed. */
    private final SortedMap<String, Set<String>> inForce = new TreeMap<>();

    Tally(Policy.Key policy) {
        this.policy = policy;
    }

    /** @param by one more, or one less */
    void count(Inventory.Entry entry, Plan plan, int by) {
        plans.merge(plan, by, (before, change) -> before + change == 0 ? null : Integer.valueOf(before + change));
        if (plan.shares().get(policy).inForce()) {
            SortedSet<String> ids = new TreeSet<>(inForce.getOrDefault(entry.node(), Set.of()));
            if (by > 0) {
                ids.add(entry.id());
            } else {
                ids.remove(entry.id());
            }
            if (ids.isEmpty()) {
                inForce.remove(entry.node());
            } else {
                inForce.put(entry.node(), ids.size() == 1 ? Set.of(ids.getFirst()) : ids);
            }
        }
    }

    PolicyResult result(List<Problem> problems, Optional<Expiry> expiry) {
        SortedMap<Policy.Key, Conflict> conflicts = new TreeMap<>();
        SortedMap<Policy.Key, SortedSet<String>> fences = new TreeMap<>();
        Set<TraceConfig> configs = new HashSet<>();
        Set<Digest> own = new HashSet<>();
        int selected = 0;
        for (Map.Entry<Plan, Integer> counted : plans.entrySet()) {
            Plan plan = counted.getKey();
            int times = counted.getValue();
            selected += times;
            Chain.Share share = plan.shares().get(policy);
            share.lostTo()
                    .forEach((older, fields) -> conflicts.merge(older, new Conflict(times, fields), Conflict::plus));
            plan.fence()
                    .filter(fence -> fence.asks().equals(policy))
                    .ifPresent(fence -> fences.computeIfAbsent(fence.by(), _ -> new TreeSet<>())
                            .addAll(fence.refused()));
            if (share.inForce()) {
                configs.add(plan.config());
                own.add(share.own());
            }
        }
        return new PolicyResult(
                problems,
                expiry,
                selected,
                new TreeMap<>(inForce),
                conflicts,
                fences,
                SampledShare.of(configs),
                ResultBuilder.configHash(own));
    }
}
