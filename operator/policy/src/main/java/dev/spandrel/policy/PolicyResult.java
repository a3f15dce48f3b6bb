package dev.spandrel.policy;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * What became of one policy.
 *
 * @param problems rules that its spec breaks; with any, it is in force nowhere
 * @param selected how many workloads it selects
 * @param inForce node to the ids of the workloads there that it is in force for
 * @param conflicts older policies of the same width that hold workloads it selects, with how many
 * @param configHash of the distinct configurations it takes part in; empty if in force nowhere
 */
public record PolicyResult(
        List<Problem> problems,
        int selected,
        SortedMap<String, Set<String>> inForce,
        SortedMap<Policy.Key, Integer> conflicts,
        String configHash) {

    public int workloads() {
        return inForce.values().stream().mapToInt(Set::size).sum();
    }
}
