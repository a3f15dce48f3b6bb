package dev.spandrel.agent.control;

import java.util.Set;

/**
 * What checks for drift have found.
 *
 * @param found how many values, since start
 * @param workloads ids of those that the last check that read them found drifted: written anew since, but no check has seen it stay yet
 */
public record DriftFigures(long found, Set<String> workloads) {
    public static final DriftFigures NONE = new DriftFigures(0, Set.of());

    public DriftFigures {
        workloads = Set.copyOf(workloads);
    }

    DriftFigures after(Drift drift) {
        return new DriftFigures(found + drift.repairs().size(), drift.workloads());
    }
}
