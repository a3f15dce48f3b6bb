package dev.spandrel.agent.control;

import dev.spandrel.agent.control.Operation.DeleteConfig;
import dev.spandrel.agent.control.Operation.WriteConfig;
import dev.spandrel.agent.control.Operation.WriteRules;
import dev.spandrel.agent.workload.Cgroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the kernel holds.
 *
 * @param rules by index into sp_rules
 * @param known ids of all cgroups that were looked at: any other may have inherited a value in the kernel
 */
record Applied(Map<Long, Target> targets, Map<Integer, RuleSet> rules, Set<Long> known) {
    Applied {
        targets = Map.copyOf(targets);
        rules = Map.copyOf(rules);
        known = Set.copyOf(known);
    }

    /** A freshly loaded object. */
    static Applied nothing(Collection<Cgroup> tree) {
        return new Applied(Map.of(), Map.of(), ids(tree));
    }

    /** In the order in which they are to be done: rules before the configurations that name them, removals last. */
    List<Operation> diff(Desired desired, Collection<Cgroup> tree) {
        var operations = new ArrayList<Operation>();
        desired.ruleSets().byThing().forEach((set, index) -> {
            if (!set.equals(rules.get(index))) operations.add(new WriteRules(index, set));
        });
        desired.targets().forEach((id, target) -> {
            var held = targets.get(id);
            if (held == null || !held.value().equals(target.value()))
                operations.add(new WriteConfig(target.cgroup(), target.value()));
        });
        targets.forEach((id, held) -> {
            if (!desired.targets().containsKey(id)) operations.add(new DeleteConfig(held.cgroup()));
        });
        for (var cgroup : tree)
            if (!known.contains(cgroup.id()) && !desired.targets().containsKey(cgroup.id()))
                operations.add(new DeleteConfig(cgroup));
        return operations;
    }

    /** After the operations of {@link #diff} were done. */
    static Applied of(Desired desired, Collection<Cgroup> tree) {
        var rules = desired.ruleSets().byThing().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
        return new Applied(desired.targets(), rules, ids(tree));
    }

    /** Where the configuration is on. */
    List<Cgroup> enabled() {
        return targets.values().stream()
                .filter(target -> (target.value().flags() & ConfigFlag.ENABLED.bit()) != 0)
                .map(Target::cgroup)
                .toList();
    }

    private static Set<Long> ids(Collection<Cgroup> tree) {
        return tree.stream().map(Cgroup::id).collect(Collectors.toSet());
    }
}
