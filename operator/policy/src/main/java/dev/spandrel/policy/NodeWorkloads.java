package dev.spandrel.policy;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.Workload;
import java.util.SortedMap;
import java.util.TreeMap;

/** The workloads of one node in a {@link Recompiler}: those that something is done for, and how many there are. */
final class NodeWorkloads {
    private final SortedMap<String, Workload> selected = new TreeMap<>();
    private int count;

    void put(Inventory.Entry entry, Plan plan) {
        count++;
        if (plan != Plan.NONE) {
            selected.put(entry.id(), Compiler.workload(entry, plan));
        }
    }

    void remove(String id) {
        count--;
        selected.remove(id);
    }

    boolean isEmpty() {
        return count == 0;
    }

    NodeConfig config() {
        return selected.isEmpty() ? NodeConfigs.NOTHING : NodeConfigs.of(selected.values());
    }
}
