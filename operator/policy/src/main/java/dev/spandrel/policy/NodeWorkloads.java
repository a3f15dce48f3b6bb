package dev.spandrel.policy;

import java.util.ArrayList;
import java.util.List;

/** The workloads of one node in a {@link Recompiler}: those that something is done for, and how many there are. */
final class NodeWorkloads {
    /** In the order of their ids: there are few on a node, and a tree would be eight times as much. */
    private final List<PlannedWorkload> selected = new ArrayList<>();

    private int count;

    /** One that is not there. */
    void put(PlannedWorkload workload) {
        count++;
        if (workload.plan() != Plan.NONE) {
            selected.add(-1 - NodeTarget.search(selected, workload.id()), workload);
        }
    }

    /** One that is there, by what it is now. */
    void replace(PlannedWorkload workload) {
        int at = NodeTarget.search(selected, workload.id());
        if (at >= 0 && workload.plan() != Plan.NONE) {
            selected.set(at, workload);
        } else {
            remove(workload.id());
            put(workload);
        }
    }

    void remove(String id) {
        count--;
        int at = NodeTarget.search(selected, id);
        if (at >= 0) {
            selected.remove(at);
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    NodeTarget target() {
        return selected.isEmpty() ? NodeTarget.NOTHING : NodeTarget.ofSorted(selected);
    }
}
