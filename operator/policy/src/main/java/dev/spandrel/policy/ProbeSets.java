package dev.spandrel.policy;

import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.Inventory.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles probe sets against an inventory, and follows both: a set that is another one costs a look at every workload, a workload that is another one a look at every set. What it comes to depends on what is there
 * and not on the way there. Programs are read; what they mean in a kernel is for the nodes to say. Of one thread.
 */
public final class ProbeSets {
    private final Scope scope;
    private Map<String, Map<String, String>> nodeLabels = Map.of();
    private final Map<Policy.Key, ReadProbeSet> sets = new TreeMap<>();
    /** Node to the ids of the workloads there; also nodes without any, where a set is for whole nodes. */
    private final Map<Policy.Key, SortedMap<String, TreeSet<String>>> placed = new HashMap<>();

    private final Map<String, Selected> selected = new HashMap<>();
    private final SortedMap<String, NodeProbes> nodes = new TreeMap<>();
    private final SortedMap<Policy.Key, ProbeSetResult> results = new TreeMap<>();
    private final Set<String> changedNodes = new HashSet<>();
    private final Set<Policy.Key> changedSets = new HashSet<>();

    /** @param by the sets that select it */
    private record Selected(Entry entry, Workload message, Set<Policy.Key> by) {}

    public ProbeSets(Scope scope) {
        this.scope = scope;
    }

    /** From nothing; see the other one. */
    public static ProbeCompilation compile(
            Collection<ProbeSetInput> inputs,
            Collection<Entry> entries,
            Map<String, Map<String, String>> nodeLabels,
            Scope scope,
            Instant now) {
        return new ProbeSets(scope).compile(inputs, Set.of(), _ -> null, entries::stream, () -> nodeLabels, now);
    }

    /**
     * @param changed ids of workloads that came, changed or went since the last time
     * @param workload of an id; null: it is not there any more
     * @param workloads all of them; asked for if a set is new or another one
     * @param nodeLabels of all nodes, by name; asked for if there is any set
     * @param now decides which sets have ended by themselves
     */
    public ProbeCompilation compile(
            Collection<ProbeSetInput> inputs,
            Set<String> changed,
            Function<String, @Nullable Entry> workload,
            Supplier<Stream<Entry>> workloads,
            Supplier<Map<String, Map<String, String>>> nodeLabels,
            Instant now) {
        if (inputs.isEmpty() && sets.isEmpty()) {
            return ProbeCompilation.EMPTY;
        }
        List<ReadProbeSet> again = take(inputs, nodeLabels.get(), now);
        for (String id : changed) {
            Selected before = selected.get(id);
            if (before != null) {
                Set.copyOf(before.by()).forEach(key -> remove(before.entry(), key));
            }
            Entry entry = workload.apply(id);
            if (entry != null) {
                sets.values().stream().filter(ReadProbeSet::isInForce).forEach(set -> look(set, entry));
            }
        }
        again.forEach(set -> place(set, workloads.get()));
        changedNodes.forEach(this::rebuild);
        changedSets.forEach(this::conclude);
        changedNodes.clear();
        changedSets.clear();
        return new ProbeCompilation(nodes, results);
    }

    /** Returns those that are to be placed anew. */
    private List<ReadProbeSet> take(
            Collection<ProbeSetInput> inputs, Map<String, Map<String, String>> labels, Instant now) {
        boolean otherLabels = !labels.equals(nodeLabels);
        nodeLabels = labels;
        Map<Policy.Key, ReadProbeSet> before = new HashMap<>(sets);
        sets.clear();
        List<ReadProbeSet> again = new ArrayList<>();
        for (ProbeSetInput input : inputs) {
            ReadProbeSet was = before.remove(input.key());
            ReadProbeSet is = ReadProbeSet.of(input, scope, now, was);
            sets.put(input.key(), is);
            if (is != was || (otherLabels && input.spec().nodeSelector() != null)) {
                displace(input.key());
                again.add(is);
            }
        }
        before.keySet().forEach(this::displace);
        return again;
    }

    private void displace(Policy.Key key) {
        changedSets.add(key);
        SortedMap<String, TreeSet<String>> was = placement(key);
        changedNodes.addAll(was.keySet());
        was.values().stream()
                .flatMap(Set::stream)
                .toList()
                .forEach(id -> remove(selected.get(id).entry(), key));
        placed.remove(key);
    }

    private SortedMap<String, TreeSet<String>> placement(Policy.Key key) {
        return placed.getOrDefault(key, Collections.emptySortedMap());
    }

    private void remove(Entry entry, Policy.Key key) {
        SortedMap<String, TreeSet<String>> there = placement(key);
        there.get(entry.node()).remove(entry.id());
        ReadProbeSet set = sets.get(key);
        boolean stays = set != null && set.isForWholeNodes() && nodeLabels.containsKey(entry.node());
        if (there.get(entry.node()).isEmpty() && !stays) {
            there.remove(entry.node());
        }
        Set<Policy.Key> by = selected.get(entry.id()).by();
        by.remove(key);
        if (by.isEmpty()) {
            selected.remove(entry.id());
        }
        changedNodes.add(entry.node());
        changedSets.add(key);
    }

    private void place(ReadProbeSet set, Stream<Entry> workloads) {
        if (!set.isInForce()) {
            return;
        }
        if (set.isForWholeNodes()) {
            nodeLabels.forEach((node, labels) -> {
                if (set.isForNode(labels)) {
                    at(set, node);
                }
            });
        }
        workloads.forEach(entry -> look(set, entry));
    }

    private TreeSet<String> at(ReadProbeSet set, String node) {
        changedNodes.add(node);
        return placed.computeIfAbsent(set.input().key(), _ -> new TreeMap<>())
                .computeIfAbsent(node, _ -> new TreeSet<>());
    }

    /** @param seen may be newer than what another set has seen: then it is among those that changed, the next time */
    private void look(ReadProbeSet set, Entry seen) {
        Selected known = selected.get(seen.id());
        Entry entry = known == null ? seen : known.entry();
        if (set.selects(entry, scope, nodeLabels)) {
            at(set, entry.node()).add(entry.id());
            selected.computeIfAbsent(
                            entry.id(),
                            _ -> new Selected(
                                    entry, PlannedWorkload.message(entry).build(), new HashSet<>()))
                    .by()
                    .add(set.input().key());
            changedSets.add(set.input().key());
        }
    }

    private void rebuild(String node) {
        List<ProbeSetConfig> configs = new ArrayList<>();
        TreeSet<String> ids = new TreeSet<>();
        sets.forEach((key, set) -> {
            TreeSet<String> there = placement(key).get(node);
            if (there != null) {
                configs.add(set.with(there));
                ids.addAll(there);
            }
        });
        if (configs.isEmpty()) {
            nodes.remove(node);
        } else {
            configs.sort(Comparator.comparing(ProbeSetConfig::getName));
            nodes.put(
                    node,
                    new NodeProbes(
                            configs,
                            ids.stream().map(id -> selected.get(id).message()).toList()));
        }
    }

    private void conclude(Policy.Key key) {
        ReadProbeSet set = sets.get(key);
        if (set == null) {
            results.remove(key);
        } else {
            results.put(key, set.result(placement(key)));
        }
    }
}
