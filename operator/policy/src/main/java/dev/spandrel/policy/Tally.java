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

    /** A workload that the policy selects came, went, or has another plan or node. */
    void recount(@Nullable PlannedWorkload before, @Nullable PlannedWorkload now) {
        if (before != null) {
            count(before.plan(), -1);
        }
        if (now != null) {
            count(now.plan(), 1);
        }
        Optional<Place> was = place(before);
        Optional<Place> is = place(now);
        if (!was.equals(is)) {
            was.ifPresent(place -> count(place, -1));
            is.ifPresent(place -> count(place, 1));
        }
    }

    /** @param by one more, or one less */
    private void count(Plan plan, int by) {
        int before = plans.getOrDefault(plan, 0);
        if (before + by == 0) {
            plans.remove(plan);
        } else {
            plans.put(plan, before + by);
        }
        if (before == 0 || before + by == 0) {
            content = Optional.empty();
        }
    }

    /** Where the policy is in force. */
    private record Place(String node, String id) {}

    private Optional<Place> place(@Nullable PlannedWorkload workload) {
        return workload == null || !workload.plan().shares().get(policy).inForce()
                ? Optional.empty()
                : Optional.of(new Place(workload.entry().node(), workload.id()));
    }

    private void count(Place place, int by) {
        countedNodes.add(place.node());
        Set<String> before = inForce.getOrDefault(place.node(), Set.of());
        Set<String> now;
        if (by > 0 && before.isEmpty()) {
            now = Set.of(place.id());
        } else {
            Set<String> ids = new HashSet<>(before);
            boolean _ = by > 0 ? ids.add(place.id()) : ids.remove(place.id());
            now = Set.copyOf(ids);
        }
        // There is one for each node of each policy, most of them small: as a tree it would be four times as much.
        inForce = now.isEmpty() ? inForce.minus(place.node()) : inForce.plus(place.node(), now);
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
