package dev.spandrel.operator.desired;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.policy.Policy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Policies as they were read last: what has the same version is not read again, and if all have, nothing is another object.
 *
 * @param policies those of the readings
 * @param origins likewise
 */
record Known(Map<Policy.Key, Reading> readings, List<Policy> policies, Map<Policy.Key, Snapshot.Origin> origins) {
    static final Known NOTHING = of(Map.of());

    /** @param version of the object; null for one that no API server has seen */
    record Reading(@Nullable String version, Policy policy, Snapshot.Origin origin) {}

    private static Known of(Map<Policy.Key, Reading> readings) {
        return new Known(
                readings,
                readings.values().stream().map(Reading::policy).collect(Collectors.toUnmodifiableList()),
                readings.entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, reading -> reading.getValue().origin())));
    }

    Known read(Collection<TracePolicy> cached) {
        Map<Policy.Key, Reading> now = new HashMap<>();
        boolean same = cached.size() == readings.size();
        for (TracePolicy policy : cached) {
            Policy.Key key = Policies.key(policy);
            String version = policy.getMetadata().getResourceVersion();
            Reading before = readings.get(key);
            boolean known = version != null && before != null && version.equals(before.version());
            same &= known;
            now.put(key, known ? before : new Reading(version, Policies.of(policy), Snapshot.Origin.of(policy)));
        }
        return same ? this : of(now);
    }
}
