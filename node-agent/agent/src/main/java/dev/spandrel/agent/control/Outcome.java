package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.Rejection;
import java.util.List;
import java.util.stream.Stream;

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

    /** The same, with what else was refused. */
    Outcome and(List<Rejection> more) {
        return more.isEmpty()
                ? this
                : new Outcome(
                        version,
                        generation,
                        workloads,
                        cgroups,
                        waiting,
                        Stream.concat(rejected.stream(), more.stream()).toList());
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
