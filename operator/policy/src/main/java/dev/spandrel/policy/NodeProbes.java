package dev.spandrel.policy;

import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Workload;
import java.util.List;

/** The probes of one node, sorted by name, and the workloads that they name, sorted by id. */
public record NodeProbes(List<ProbeSetConfig> sets, List<Workload> probed) {
    public static final NodeProbes NONE = new NodeProbes(List.of(), List.of());

    public NodeProbes {
        sets = List.copyOf(sets);
        probed = List.copyOf(probed);
    }
}
