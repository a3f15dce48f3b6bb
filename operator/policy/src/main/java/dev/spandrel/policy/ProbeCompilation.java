package dev.spandrel.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pcollections.TreePMap;

/** The probes of every node that has any, and what became of every probe set. */
public record ProbeCompilation(SortedMap<String, NodeProbes> nodes, SortedMap<Policy.Key, ProbeSetResult> sets) {
    public static final ProbeCompilation EMPTY = new ProbeCompilation(new TreeMap<>(), new TreeMap<>());

    public ProbeCompilation {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        sets = Collections.unmodifiableSortedMap(new TreeMap<>(sets));
    }

    public Optional<Instant> nextExpiry() {
        return sets.values().stream()
                .flatMap(result -> result.expiry().stream())
                .filter(expiry -> !expiry.over())
                .map(PolicyResult.Expiry::at)
                .min(Comparator.naturalOrder());
    }

    /**
     * The same targets with the probes in them.
     *
     * @param change of targets without probes
     * @param before what was in the targets before it
     * @param earlier those targets, with what was in them: what is the same is not made again
     */
    public Change into(Change change, ProbeCompilation before, Compilation earlier) {
        if (nodes.isEmpty() && before.nodes.isEmpty()) {
            return change;
        }
        TreePMap<String, NodeTarget> targets = change.compilation().nodes();
        for (Map.Entry<String, NodeProbes> probed : nodes.entrySet()) {
            String node = probed.getKey();
            targets = targets.plus(node, change.compilation().node(node).with(probed.getValue(), earlier.node(node)));
        }
        Set<String> changed = new HashSet<>(change.nodes());
        Set<String> probed = new HashSet<>(nodes.keySet());
        probed.addAll(before.nodes.keySet());
        probed.removeIf(node ->
                nodes.getOrDefault(node, NodeProbes.NONE).equals(before.nodes.getOrDefault(node, NodeProbes.NONE)));
        changed.addAll(probed);
        return new Change(new Compilation(targets, change.compilation().policies()), changed, change.policies());
    }
}
