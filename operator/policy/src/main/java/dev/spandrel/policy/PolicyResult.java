package dev.spandrel.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/**
 * What became of one policy.
 *
 * @param problems rules that its spec breaks; with any, it is in force nowhere
 * @param expiry absent if it does not end by itself
 * @param selected how many workloads it selects
 * @param inForce node to the ids of the workloads there that it is in force for
 * @param conflicts older policies of the same width that set a field of workloads it selects to something else
 * @param fences policies of the root namespace that do not allow request headers it asks for, and which
 * @param sampling share of traces that is kept where it is in force, for people: {@code 10%}, {@code 1–100%}, {@code off}
 * @param configHash of what of it holds, which need not be the same everywhere; what other policies say is not in it; empty if in force nowhere
 */
public record PolicyResult(
        List<Problem> problems,
        Optional<Expiry> expiry,
        int selected,
        TreePMap<String, Set<String>> inForce,
        SortedMap<Policy.Key, Conflict> conflicts,
        SortedMap<Policy.Key, SortedSet<String>> fences,
        String sampling,
        String configHash) {

    /** When it ends by itself, and whether that is over: then it selects nothing. */
    public record Expiry(Instant at, boolean over) {}

    /** On how many workloads the older one wins, and which fields; paths below {@code spec}. */
    public record Conflict(int workloads, SortedSet<String> fields) {
        public Conflict {
            fields = Collections.unmodifiableSortedSet(new TreeSet<>(fields));
        }

        @Override
        public String toString() {
            return "wins on " + workloads + ": " + String.join(", ", fields);
        }

        Conflict plus(Conflict other) {
            SortedSet<String> all = new TreeSet<>(fields);
            all.addAll(other.fields);
            return new Conflict(workloads + other.workloads, all);
        }
    }

    public int workloads() {
        return inForce.values().stream().mapToInt(Set::size).sum();
    }
}
