package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.PlannedWorkload;
import dev.spandrel.policy.Policy;
import java.util.Arrays;

/** What nodes are to do, for tests: {@code "a=1"} is workload a with threshold 1, because of the policy shop/p; {@code "a=1 by q"} because of shop/q. */
public final class Configs {
    private Configs() {}

    public static NodeTarget of(String... workloads) {
        return NodeTarget.of(Arrays.stream(workloads).map(Configs::workload).toList());
    }

    public static Policy.Key policy(String name) {
        return new Policy.Key("shop", name);
    }

    private static PlannedWorkload workload(String text) {
        String[] parts = text.split("=| by ");
        Workload message = Workload.newBuilder()
                .setId(parts[0])
                .setConfig(TraceConfig.newBuilder().setThreshold(Long.parseLong(parts[1])))
                .build();
        return PlannedWorkload.of(message, policy(parts.length > 2 ? parts[2] : "p"));
    }
}
