package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import java.util.TreeMap;

/** The node config as pushed so far. Pure. */
final class Held {
    private Held() {}

    static NodeConfig merge(NodeConfig held, Push push) {
        var workloads = new TreeMap<String, Workload>();
        if (!push.getFull()) for (var workload : held.getWorkloadsList()) workloads.put(workload.getId(), workload);
        push.getRemovedList().forEach(workloads::remove);
        for (var workload : push.getWorkloadsList()) workloads.put(workload.getId(), workload);
        return NodeConfig.newBuilder()
                .setVersion(push.getVersion())
                .addAllWorkloads(workloads.values())
                .build();
    }

    /** As to be held after it was applied: a rejected workload is not remembered, so that it comes again with the next stream. */
    static NodeConfig after(NodeConfig config, Outcome outcome) {
        return outcome.rejected().isEmpty()
                ? config
                : config.toBuilder().clearVersion().build();
    }
}
