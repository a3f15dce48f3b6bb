package dev.spandrel.agent.control;

import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.agent.workload.Placement;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Workloads × cgroup tree → what the kernel is to hold. Pure: numbers that are in use are given and handed on. */
final class NodeCompiler {
    static final int MAX_RULE_SET = 255;
    static final int MAX_POLICY = 1023;

    private NodeCompiler() {}

    static Desired compile(
            List<Workload> workloads,
            Collection<Cgroup> tree,
            long generation,
            Numbers<RuleSet> usedRuleSets,
            Numbers<String> usedPolicies) {
        var configs = workloads.stream().map(Workload::getConfig).toList();
        var ruleSets = usedRuleSets.assign(
                configs.stream()
                        .map(Translation::rules)
                        .filter(set -> !set.equals(RuleSet.EMPTY))
                        .distinct()
                        .toList(),
                MAX_RULE_SET);
        var policies = usedPolicies.assign(
                configs.stream().map(TraceConfig::getPolicy).distinct().toList(), MAX_POLICY);

        var rejected = new ArrayList<Rejection>();
        var waiting = new ArrayList<String>();
        var roots = new LinkedHashMap<String, Target>();
        var placement = new Placement(tree);
        for (var workload : workloads) {
            var cgroup = placement.of(workload);
            var rules = Translation.rules(workload.getConfig());
            var ruleSet = ruleSets.of(rules);
            var policy = policies.of(workload.getConfig().getPolicy());
            if (ruleSet.isEmpty() && !rules.equals(RuleSet.EMPTY))
                rejected.add(Rejections.TOO_MANY_RULE_SETS.of(
                        workload, "more than " + MAX_RULE_SET + " different sets of header rules on this node"));
            else if (policy.isEmpty())
                rejected.add(Rejections.TOO_MANY_POLICIES.of(
                        workload, "more than " + MAX_POLICY + " policies on this node"));
            else if (cgroup.isEmpty()) waiting.add(workload.getId());
            else if (roots.containsKey(cgroup.get().path()))
                rejected.add(Rejections.CGROUP_SELECTED_TWICE.of(
                        workload,
                        cgroup.get().path() + " is selected by "
                                + roots.get(cgroup.get().path()).selected().id()));
            else
                roots.put(
                        cgroup.get().path(),
                        new Target(
                                cgroup.get(),
                                Translation.selected(workload),
                                Translation.value(workload.getConfig(), policy.getAsInt(), ruleSet.orElse(0))
                                        .withGeneration(generation)));
        }
        return new Desired(inherit(roots, tree), ruleSets, policies, rejected, waiting);
    }

    /** Each cgroup is decided by its nearest selected ancestor, itself included. */
    private static Map<Long, Target> inherit(Map<String, Target> roots, Collection<Cgroup> tree) {
        var owners = new HashMap<String, Target>();
        var targets = new HashMap<Long, Target>();
        for (var cgroup :
                tree.stream().sorted(Comparator.comparing(Cgroup::path)).toList()) {
            var owner = roots.get(cgroup.path());
            if (owner == null) owner = owners.get(cgroup.parent());
            if (owner == null) continue;
            owners.put(cgroup.path(), owner);
            targets.put(cgroup.id(), new Target(cgroup, owner.selected(), owner.value()));
        }
        return targets;
    }
}
