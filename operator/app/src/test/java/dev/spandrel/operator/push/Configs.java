package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.PlannedWorkload;
import java.util.Arrays;

/** What nodes are to do, for tests: {@code "a=1"} is workload a with threshold 1. */
public final class Configs {
    private Configs() {}

    public static NodeTarget of(String... workloads) {
        return NodeTarget.of(Arrays.stream(workloads)
                .map(Configs::workload)
                .map(PlannedWorkload::of)
                .toList());
    }

    private static Workload workload(String text) {
        String[] parts = text.split("=");
        return Workload.newBuilder()
                .setId(parts[0])
                .setConfig(TraceConfig.newBuilder().setThreshold(Long.parseLong(parts[1])))
                .build();
    }
}
