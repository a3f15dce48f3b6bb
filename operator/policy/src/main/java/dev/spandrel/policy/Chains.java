package dev.spandrel.policy;

import dev.spandrel.policy.Inventory.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The plan of each chain of policies that selects a workload: a chain is compiled once, however many workloads it is for. */
final class Chains {
    private final Scope scope;
    private final Map<String, List<Policy>> reaching = new HashMap<>();
    private final Map<List<Policy.Key>, Plan> plans = new HashMap<>();
    private List<Policy> policies = List.of();

    Chains(Scope scope) {
        this.scope = scope;
    }

    /**
     * From now on these. A plan whose policies are the same stays the same.
     *
     * @param changed those that are new, other or gone
     */
    void of(Collection<Candidate> candidates, Set<Policy.Key> changed) {
        policies = candidates.stream()
                .filter(Candidate::isInForce)
                .map(Candidate::policy)
                .sorted(Policy.OLDEST_FIRST)
                .toList();
        reaching.clear();
        plans.keySet().removeIf(chain -> chain.stream().anyMatch(changed::contains));
    }

    Plan plan(Entry entry) {
        List<Policy> selecting = new ArrayList<>();
        List<Policy.Key> keys = new ArrayList<>();
        boolean traced = false;
        for (Policy policy : reaching.computeIfAbsent(entry.namespace(), this::reaching)) {
            if (Selector.matches(policy.spec().podSelector(), entry.labels())) {
                selecting.add(policy);
                keys.add(policy.key());
                traced |= !policy.isFence();
            }
        }
        if (!traced) {
            return Plan.NONE;
        }
        return plans.computeIfAbsent(keys, _ -> Plan.of(Chain.of(selecting, scope)));
    }

    private List<Policy> reaching(String namespace) {
        return policies.stream()
                .filter(policy -> scope.reaches(policy.key().namespace(), namespace))
                .toList();
    }
}
