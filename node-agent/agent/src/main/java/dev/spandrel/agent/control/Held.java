package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** The node config as pushed so far. Pure. */
final class Held {
    private Held() {}

    static NodeConfig merge(NodeConfig held, Push push) {
        var before = push.getFull() ? NodeConfig.getDefaultInstance() : held;
        return NodeConfig.newBuilder()
                .setVersion(push.getVersion())
                .addAllWorkloads(merge(
                        before.getWorkloadsList(), push.getRemovedList(), push.getWorkloadsList(), Workload::getId))
                .addAllProbeSets(merge(
                        before.getProbeSetsList(),
                        push.getRemovedProbeSetsList(),
                        push.getProbeSetsList(),
                        ProbeSetConfig::getName))
                .addAllProbed(merge(
                        before.getProbedList(), push.getRemovedProbedList(), push.getProbedList(), Workload::getId))
                .build();
    }

    private static <T> Collection<T> merge(
            List<T> held, List<String> removed, List<T> changed, Function<T, String> id) {
        var merged = new TreeMap<String, T>();
        for (T one : held) merged.put(id.apply(one), one);
        removed.forEach(merged::remove);
        for (T one : changed) merged.put(id.apply(one), one);
        return merged.values();
    }

    /** As to be held after it was applied: a rejected workload is not remembered, so that it comes again with the next stream. */
    static NodeConfig after(NodeConfig config, Outcome outcome) {
        return outcome.rejected().isEmpty()
                ? config
                : config.toBuilder().clearVersion().build();
    }
}
