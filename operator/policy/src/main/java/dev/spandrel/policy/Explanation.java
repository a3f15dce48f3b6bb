package dev.spandrel.policy;

import dev.spandrel.contract.v1.TraceConfig;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What is in force for one workload, and from which policy each field came.
 *
 * @param policies all that select it, narrow to wide, and the oldest first within a width; those that are not in force at the end
 * @param fields in the order of the spec; none if nothing is to be traced
 * @param config what the compiler makes of it
 */
public record Explanation(List<Selecting> policies, List<InForce> fields, Optional<TraceConfig> config) {
    public Explanation {
        policies = List.copyOf(policies);
        fields = List.copyOf(fields);
    }

    /** A policy that selects the workload. */
    public record Selecting(Source source, Standing standing, Optional<Instant> expiresAt) {}

    public record Source(Policy.Key policy, Width width) {}

    /** What a policy comes to for the workload. */
    public sealed interface Standing {
        /**
         * Of what it sets, something holds; or it sets nothing, and is there.
         *
         * @param lostTo the older policy of the same width that set a field to something else, and which fields
         */
        record Holds(SortedMap<Policy.Key, SortedSet<String>> lostTo) implements Standing {}

        /** Nothing of what it sets holds here. */
        record Overridden(SortedMap<Policy.Key, SortedSet<String>> lostTo) implements Standing {}

        record Expired() implements Standing {}

        record Invalid(List<Problem> problems) implements Standing {}
    }

    /**
     * One field.
     *
     * @param path below {@code spec}
     * @param value as compiled
     * @param source absent: the default
     * @param overridden what other policies set it to, narrow to wide
     * @param note why the value is not what the source says
     */
    public record InForce(
            String path, String value, Optional<Source> source, List<Overridden> overridden, Optional<String> note) {}

    /** Another policy's value for a field. */
    public record Overridden(Source source, String value) {}
}
