package dev.spandrel.agent.probe;

import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.Placement;
import dev.spandrel.agent.workload.Selected;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Workload;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which cgroups sets see: those of their workloads and all below, as the tree is now. Of one thread. */
final class Selection {
    private final CgroupTree tree;
    private final WorkloadIndex index;

    /** @param index is told whose the cgroups are */
    Selection(CgroupTree tree, WorkloadIndex index) {
        this.tree = tree;
        this.index = index;
    }

    /** By the name of the set. */
    Map<String, Set<Long>> of(List<ProbeSetConfig> sets, List<Workload> workloads) {
        var cgroups = tree.all();
        Placement placement = new Placement(cgroups);
        Map<String, Set<Long>> byWorkload = new HashMap<>();
        Map<Long, WorkloadIndex.Place> places = new HashMap<>();
        for (Workload workload : workloads) {
            Selected selected = Selected.of(workload);
            placement
                    .of(workload)
                    .ifPresent(root -> below(root, cgroups).forEach(cgroup -> {
                        byWorkload
                                .computeIfAbsent(workload.getId(), _ -> new HashSet<>())
                                .add(cgroup.id());
                        places.put(cgroup.id(), new WorkloadIndex.Place(cgroup.path(), selected));
                    }));
        }
        index.replace(places);
        Map<String, Set<Long>> selection = new HashMap<>();
        for (ProbeSetConfig set : sets) {
            selection.put(
                    set.getName(),
                    set.getWorkloadsList().stream()
                            .flatMap(id -> byWorkload.getOrDefault(id, Set.of()).stream())
                            .collect(Collectors.toSet()));
        }
        return selection;
    }

    private static List<Cgroup> below(Cgroup root, Collection<Cgroup> cgroups) {
        return cgroups.stream()
                .filter(cgroup ->
                        cgroup.path().equals(root.path()) || cgroup.path().startsWith(root.path() + "/"))
                .toList();
    }
}
