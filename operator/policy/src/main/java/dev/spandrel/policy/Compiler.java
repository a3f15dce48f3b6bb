package dev.spandrel.policy;

import dev.spandrel.policy.Inventory.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compiles policies against an inventory. The result depends on nothing else, and not on the order of either. */
public final class Compiler {
    private final Scope scope;
    private final List<Policy> policies;
    private final SortedMap<Policy.Key, ResultBuilder> results = new TreeMap<>();
    private final Map<String, List<Policy>> reaching = new HashMap<>();
    private final Map<List<Policy.Key>, Plan> plans = new HashMap<>();

    private Compiler(Collection<Policy> policies, Scope scope, Instant now) {
        this.scope = scope;
        this.policies = policies.stream()
                .filter(policy -> results.computeIfAbsent(policy.key(), _ -> ResultBuilder.of(policy, scope, now))
                        .isCandidate())
                .sorted(Policy.OLDEST_FIRST)
                .toList();
    }

    /** @param now decides which policies have ended by themselves */
    public static Compilation compile(Collection<Policy> policies, Inventory inventory, Scope scope, Instant now) {
        return new Compiler(policies, scope, now).compile(inventory);
    }

    private Compilation compile(Inventory inventory) {
        Map<String, List<PlannedWorkload>> nodes = new HashMap<>();
        for (Entry entry : inventory.entries()) {
            List<PlannedWorkload> workloads = nodes.computeIfAbsent(entry.node(), _ -> new ArrayList<>());
            List<Policy> selecting = selecting(entry);
            if (!selecting.stream().allMatch(Policy::isFence)) {
                Plan plan = plans.computeIfAbsent(
                        selecting.stream().map(Policy::key).toList(), _ -> Plan.of(Chain.of(selecting, scope)));
                plan.shares().forEach((key, share) -> results.get(key).selects(entry, share, plan.config()));
                plan.fence().ifPresent(fence -> results.get(fence.asks()).fenced(fence));
                workloads.add(PlannedWorkload.of(entry, plan, null));
            }
        }
        SortedMap<String, NodeTarget> compiled = new TreeMap<>();
        nodes.forEach((node, workloads) -> compiled.put(node, NodeTarget.of(workloads)));
        SortedMap<Policy.Key, PolicyResult> outcome = new TreeMap<>();
        results.forEach((key, result) -> outcome.put(key, result.build()));
        return Compilation.of(compiled, outcome);
    }

    private List<Policy> selecting(Entry entry) {
        return reaching.computeIfAbsent(entry.namespace(), this::reaching).stream()
                .filter(policy -> Selector.matches(policy.spec().podSelector(), entry.labels()))
                .toList();
    }

    private List<Policy> reaching(String namespace) {
        return policies.stream()
                .filter(policy -> scope.reaches(policy.key().namespace(), namespace))
                .toList();
    }
}
