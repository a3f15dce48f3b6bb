package dev.spandrel.agent.control;

import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.Rejection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the kernel is to hold.
 *
 * @param targets by cgroup id
 * @param waiting ids of workloads whose cgroup does not exist yet
 */
record Desired(
        Map<Long, Target> targets,
        Numbers<RuleSet> ruleSets,
        Numbers<String> policies,
        List<Rejection> rejected,
        List<String> waiting) {
    Desired {
        targets = Map.copyOf(targets);
        rejected = List.copyOf(rejected);
        waiting = List.copyOf(waiting);
    }

    Map<Long, WorkloadIndex.Place> places() {
        return targets.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new WorkloadIndex.Place(
                                entry.getValue().cgroup().path(),
                                entry.getValue().selected())));
    }
}
