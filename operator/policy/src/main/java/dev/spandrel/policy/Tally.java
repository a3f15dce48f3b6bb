package dev.spandrel.policy;

import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.policy.PolicyResult.Conflict;
import dev.spandrel.policy.PolicyResult.Expiry;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** Counts what one policy is for: by plan, of which there are few, and by node. */
final class Tally {
    private final Policy.Key policy;
    /** By identity: a plan is made once for its chain. */
    private final Map<Plan, Integer> plans = new IdentityHashMap<>();

    private TreePMap<String, Set<String>> inForce = TreePMap.empty();
    /** Since the last result. */
    private Set<String> countedNodes = new HashSet<>();

    private @Nullable PolicyResult last;
    /** Of the plans that there are. */
    private Optional<Content> content = Optional.empty();

    private record Content(String sampling, String hash) {}

    Tally(Policy.Key policy) {
        this.policy = policy;
    }

    /** @param by one more, or one less */
    void count(Inventory.Entry entry, Plan plan, int by) {
        int before = plans.getOrDefault(plan, 0);
        if (before + by == 0) {
            plans.remove(plan);
        } else {
            plans.put(plan, before + by);
        }
        if (before == 0 || before + by == 0) {
            content = Optional.empty();
        }
        if (plan.shares().get(policy).inForce()) {
            countedNodes.add(entry.node());
            Set<String> ids = new HashSet<>(inForce.getOrDefault(entry.node(), Set.of()));
            if (by > 0) {
                ids.add(entry.id());
            } else {
                ids.remove(entry.id());
            }
            // There is one for each node of each policy, most of them small: as a tree it would be four times as much.
            inForce = ids.isEmpty() ? inForce.minus(entry.node()) : inForce.plus(entry.node(), Set.copyOf(ids));
        }
    }

    /** The one before, if nothing has become of it since. */
    PolicyResult result(List<Problem> problems, Optional<Expiry> expiry) {
        if (last != null && isWhereItWas(last.inForce())) {
            inForce = last.inForce();
        }
        countedNodes = new HashSet<>();
        PolicyResult now = count(problems, expiry);
        last = last != null && last.inForce() == inForce && last.equals(now) ? last : now;
        return last;
    }

    private boolean isWhereItWas(TreePMap<String, Set<String>> before) {
        return countedNodes.stream().allMatch(node -> Objects.equals(before.get(node), inForce.get(node)));
    }

    private PolicyResult count(List<Problem> problems, Optional<Expiry> expiry) {
        SortedMap<Policy.Key, Conflict> conflicts = new TreeMap<>();
        SortedMap<Policy.Key, SortedSet<String>> fences = new TreeMap<>();
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
        }
        Content holds = content.orElseGet(this::content);
        content = Optional.of(holds);
        return new PolicyResult(problems, expiry, selected, inForce, conflicts, fences, holds.sampling(), holds.hash());
    }

    private Content content() {
        Set<TraceConfig> configs = new HashSet<>();
        Set<Digest> own = new HashSet<>();
        for (Plan plan : plans.keySet()) {
            Chain.Share share = plan.shares().get(policy);
            if (share.inForce()) {
                configs.add(plan.config());
                own.add(share.own());
            }
        }
        return new Content(SampledShare.of(configs), ResultBuilder.configHash(own));
    }
}
