package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an agent has to be told. Pure. */
final class Delta {
    private Delta() {}

    static Push full(NodeConfig target) {
        return Push.newBuilder()
                .setVersion(target.getVersion())
                .setFull(true)
                .addAllWorkloads(target.getWorkloadsList())
                .build();
    }

    static Push between(NodeConfig held, NodeConfig target) {
        Map<String, Workload> before = byId(held);
        Map<String, Workload> after = byId(target);
        return Push.newBuilder()
                .setVersion(target.getVersion())
                .addAllWorkloads(target.getWorkloadsList().stream()
                        .filter(workload -> !workload.equals(before.get(workload.getId())))
                        .toList())
                .addAllRemoved(before.keySet().stream()
                        .filter(id -> !after.containsKey(id))
                        .sorted()
                        .toList())
                .build();
    }

    private static Map<String, Workload> byId(NodeConfig config) {
        return config.getWorkloadsList().stream().collect(Collectors.toMap(Workload::getId, Function.identity()));
    }
}
