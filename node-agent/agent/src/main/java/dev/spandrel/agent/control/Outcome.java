package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.Rejection;
import java.util.List;

/**
 * What became of one node config.
 *
 * @param generation in every map value that was written for it
 * @param cgroups how many hold a value of it
 * @param waiting ids of workloads whose cgroup does not exist yet: it gets its value when it appears
 */
public record Outcome(
        String version, long generation, int workloads, int cgroups, List<String> waiting, List<Rejection> rejected) {
    static final Outcome NONE = new Outcome("", 0, 0, 0, List.of(), List.of());

    public Outcome {
        waiting = List.copyOf(waiting);
        rejected = List.copyOf(rejected);
    }

    String summary() {
        return workloads + (workloads == 1 ? " workload" : " workloads") + " in " + cgroups
                + (cgroups == 1 ? " cgroup" : " cgroups")
                + (waiting.isEmpty() ? "" : ", " + waiting.size() + " waiting for their cgroup")
                + (rejected.isEmpty() ? "" : ", " + rejected.size() + " rejected: " + reasons());
    }

    private String reasons() {
        var first = rejected.getFirst();
        return first.getWorkloadId() + " " + first.getReason() + " (" + first.getMessage() + ")";
    }
}
