package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.NodeConfigs;
import java.util.Arrays;

/** Node configs for tests: {@code "a=1"} is workload a with threshold 1. */
public final class Configs {
    private Configs() {}

    public static NodeConfig of(String... workloads) {
        return NodeConfigs.of(Arrays.stream(workloads).map(Configs::workload).toList());
    }

    private static Workload workload(String text) {
        String[] parts = text.split("=");
        return Workload.newBuilder()
                .setId(parts[0])
                .setConfig(TraceConfig.newBuilder().setThreshold(Long.parseLong(parts[1])))
                .build();
    }
}
