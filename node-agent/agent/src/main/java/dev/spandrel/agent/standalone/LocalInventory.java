package dev.spandrel.agent.standalone;

import dev.spandrel.agent.standalone.Processes.First;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.policy.Inventory;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The local workloads as last seen. Each look answers whether anything has changed. One thread. */
final class LocalInventory {
    static final String NODE = "local";

    private record Seen(Cgroup cgroup, First first) {}

    private final SortedMap<String, Seen> workloads = new TreeMap<>();

    boolean look(Collection<Cgroup> cgroups) {
        var paths = cgroups.stream().map(Cgroup::path).toList();
        boolean changed = workloads.keySet().retainAll(paths);
        for (var cgroup : cgroups) changed |= look(cgroup);
        return changed;
    }

    boolean look(Cgroup cgroup) {
        var now = Processes.in(cgroup).map(first -> new Seen(cgroup, first));
        var before = now.isPresent() ? workloads.put(cgroup.path(), now.get()) : workloads.remove(cgroup.path());
        return now.isPresent() ? !now.get().equals(before) : before != null;
    }

    /** Only whether the known processes still are what they were: one link to read for each. */
    boolean lookForExec() {
        boolean changed = false;
        for (var seen : List.copyOf(workloads.values()))
            if (!Processes.executable(seen.first().pid()).equals(seen.first().executable()))
                changed |= look(seen.cgroup());
        return changed;
    }

    Inventory inventory() {
        return new Inventory(workloads.values().stream()
                .map(seen ->
                        new LocalWorkload(seen.cgroup().path(), seen.first().executable()))
                .map(workload -> Inventory.Entry.local(NODE, workload.path(), workload.labels(), workload.attributes()))
                .toList());
    }
}
