package dev.spandrel.policy;

import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.crds.ProbeSetSpec;
import dev.spandrel.policy.Inventory.Entry;
import dev.spandrel.policy.PolicyResult.Expiry;
import dev.spandrel.policy.ProbeSetResult.ProgramFault;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compiles probe sets against an inventory. Programs are read; what they mean in a kernel is for the nodes to say. */
public final class ProbeSets {
    private final Collection<Entry> entries;
    private final Map<String, Map<String, String>> nodeLabels;
    private final Scope scope;
    private final Instant now;
    private final Map<String, TreeMap<String, ProbeSetConfig>> sets = new HashMap<>();
    private final Map<String, TreeMap<String, Workload>> probed = new HashMap<>();

    private ProbeSets(
            Collection<Entry> entries, Map<String, Map<String, String>> nodeLabels, Scope scope, Instant now) {
        this.entries = entries;
        this.nodeLabels = nodeLabels;
        this.scope = scope;
        this.now = now;
    }

    /**
     * @param nodeLabels of all nodes, by name
     * @param now decides which sets have ended by themselves
     */
    public static ProbeCompilation compile(
            Collection<ProbeSetInput> inputs,
            Collection<Entry> entries,
            Map<String, Map<String, String>> nodeLabels,
            Scope scope,
            Instant now) {
        return inputs.isEmpty()
                ? ProbeCompilation.EMPTY
                : new ProbeSets(entries, nodeLabels, scope, now).compile(inputs);
    }

    private ProbeCompilation compile(Collection<ProbeSetInput> inputs) {
        SortedMap<Policy.Key, ProbeSetResult> results = new TreeMap<>();
        inputs.forEach(input -> results.put(input.key(), compile(input)));
        SortedMap<String, NodeProbes> nodes = new TreeMap<>();
        sets.forEach((node, configs) -> nodes.put(
                node,
                new NodeProbes(
                        List.copyOf(configs.values()),
                        List.copyOf(probed.getOrDefault(node, new TreeMap<>()).values()))));
        return new ProbeCompilation(nodes, results);
    }

    private ProbeSetResult compile(ProbeSetInput input) {
        ProbeSetSpec spec = input.spec();
        List<Problem> problems = problems(input);
        SortedMap<String, List<ProgramFault>> errors = ProbeConfigs.errors(spec);
        Optional<Expiry> expiry = input.expiresAt().map(end -> new Expiry(end, !end.isAfter(now)));
        boolean enabled = !Boolean.FALSE.equals(spec.enabled());
        boolean inForce = problems.isEmpty()
                && errors.isEmpty()
                && enabled
                && expiry.filter(Expiry::over).isEmpty();
        ProbeSetConfig.Builder common =
                ProbeSetConfig.newBuilder().setName(input.key().toString());
        spec.probes().forEach(probe -> common.addProbes(ProbeConfigs.of(probe)));
        String hash = Digest.of(common.getProbesList()).hex();
        boolean attach = hash.equals(input.checkedHash());
        common.setAttach(attach);
        expiry.ifPresent(end -> common.setEndsAtUnixMillis(end.at().toEpochMilli()));
        Map<String, TreeSet<String>> placed = inForce ? place(input, common) : Map.of();
        return new ProbeSetResult(
                problems,
                errors,
                expiry,
                enabled,
                placed.values().stream().mapToInt(TreeSet::size).sum(),
                new TreeSet<>(placed.keySet()),
                hash,
                attach);
    }

    private List<Problem> problems(ProbeSetInput input) {
        return input.spec().nodeSelector() != null && !scope.isRoot(input.key().namespace())
                ? List.of(new Problem("spec.nodeSelector", scope.level()))
                : List.of();
    }

    /** Node to the ids of the workloads there that it selects; also nodes without any, where it is for the whole node. */
    private Map<String, TreeSet<String>> place(ProbeSetInput input, ProbeSetConfig.Builder common) {
        ProbeSetSpec spec = input.spec();
        boolean whole = spec.nodeSelector() != null && spec.podSelector() == null;
        Map<String, TreeSet<String>> placed = new TreeMap<>();
        if (whole) {
            nodeLabels.forEach((node, labels) -> {
                if (Selector.matches(spec.nodeSelector(), labels)) placed.put(node, new TreeSet<>());
            });
        }
        for (Entry entry : entries) {
            boolean onNode = spec.nodeSelector() == null
                    || Selector.matches(spec.nodeSelector(), nodeLabels.getOrDefault(entry.node(), Map.of()));
            if (onNode
                    && scope.reaches(input.key().namespace(), entry.namespace())
                    && Selector.matches(spec.podSelector(), entry.labels())) {
                placed.computeIfAbsent(entry.node(), _ -> new TreeSet<>()).add(entry.id());
                probed.computeIfAbsent(entry.node(), _ -> new TreeMap<>())
                        .computeIfAbsent(
                                entry.id(), _ -> PlannedWorkload.message(entry).build());
            }
        }
        placed.forEach((node, ids) -> sets.computeIfAbsent(node, _ -> new TreeMap<>())
                .put(
                        common.getName(),
                        common.clone().addAllWorkloads(ids).setWholeNode(whole).build()));
        return placed;
    }
}
