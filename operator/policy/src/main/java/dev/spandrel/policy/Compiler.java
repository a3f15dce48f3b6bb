package dev.spandrel.policy;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.Inventory.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
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
    /** Most workloads share the policies in force: they also share what is compiled from them. */
    private final Map<List<Policy>, TraceConfig> configs = new HashMap<>();

    private Compiler(Collection<Policy> policies, Scope scope) {
        this.scope = scope;
        this.policies = policies.stream()
                .filter(policy -> results.computeIfAbsent(
                                policy.key(), _ -> new ResultBuilder(SpecCheck.problems(policy.spec())))
                        .isValid())
                .sorted(Policy.OLDEST_FIRST)
                .toList();
    }

    public static Compilation compile(Collection<Policy> policies, Inventory inventory, Scope scope) {
        return new Compiler(policies, scope).compile(inventory);
    }

    private Compilation compile(Inventory inventory) {
        Map<String, List<Workload>> nodes = new HashMap<>();
        for (Entry entry : inventory.entries()) {
            List<Workload> workloads = nodes.computeIfAbsent(entry.node(), _ -> new ArrayList<>());
            List<Policy> inForce = inForce(entry);
            if (!inForce.isEmpty()) {
                TraceConfig config = configs.computeIfAbsent(inForce, policies -> new Effective(policies).config());
                inForce.forEach(policy -> results.get(policy.key()).inForce(entry, config));
                workloads.add(workload(entry, config));
            }
        }
        SortedMap<String, NodeConfig> compiled = new TreeMap<>();
        nodes.forEach((node, workloads) -> compiled.put(node, NodeConfigs.of(workloads)));
        SortedMap<Policy.Key, PolicyResult> outcome = new TreeMap<>();
        results.forEach((key, result) -> outcome.put(key, result.build()));
        return new Compilation(compiled, outcome);
    }

    /** At most one policy of each width, from narrow to wide. */
    private List<Policy> inForce(Entry entry) {
        Map<Width, Policy> chosen = new EnumMap<>(Width.class);
        for (Policy policy : reaching.computeIfAbsent(entry.namespace(), this::reaching)) {
            if (Selector.matches(policy.spec().podSelector(), entry.labels())) {
                Policy older = chosen.putIfAbsent(Width.of(policy, scope), policy);
                results.get(policy.key()).selects();
                if (older != null) {
                    results.get(policy.key()).losesTo(older.key());
                }
            }
        }
        return List.copyOf(chosen.values());
    }

    private List<Policy> reaching(String namespace) {
        return policies.stream()
                .filter(policy -> scope.reaches(policy.key().namespace(), namespace))
                .toList();
    }

    private static Workload workload(Entry entry, TraceConfig config) {
        Workload.Builder workload = Workload.newBuilder()
                .setId(entry.id())
                .setConfig(config)
                .putAllAttributes(entry.attributes())
                .putAllContainers(entry.containers());
        switch (entry.place()) {
            case Inventory.Place.PodUid(String uid) -> workload.setPodUid(uid);
            case Inventory.Place.Cgroup(String path) -> workload.setCgroupPath(path);
        }
        return workload.build();
    }
}
