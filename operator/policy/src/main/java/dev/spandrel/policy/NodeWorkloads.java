package dev.spandrel.policy;

import java.util.SortedMap;
import java.util.TreeMap;

/** The workloads of one node in a {@link Recompiler}: those that something is done for, and how many there are. */
final class NodeWorkloads {
    private final SortedMap<String, PlannedWorkload> selected = new TreeMap<>();
    private int count;

    void put(PlannedWorkload workload) {
        count++;
        if (workload.plan() != Plan.NONE) {
            selected.put(workload.id(), workload);
        }
    }

    void remove(String id) {
        count--;
        selected.remove(id);
    }

    boolean isEmpty() {
        return count == 0;
    }

    NodeTarget target() {
        return selected.isEmpty() ? NodeTarget.NOTHING : NodeTarget.ofSorted(selected.values());
    }
}
