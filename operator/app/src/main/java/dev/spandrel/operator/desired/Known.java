package dev.spandrel.operator.desired;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.policy.Policy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Policies as they were read last: what has the same version is not read again. */
record Known(Map<Policy.Key, Reading> readings) {
    static final Known NOTHING = new Known(Map.of());

    /** @param version of the object; null for one that no API server has seen */
    record Reading(@Nullable String version, Policy policy, Snapshot.Origin origin) {}

    Known read(Collection<TracePolicy> cached) {
        Map<Policy.Key, Reading> now = new HashMap<>();
        for (TracePolicy policy : cached) {
            Policy.Key key = Policies.key(policy);
            String version = policy.getMetadata().getResourceVersion();
            Reading before = readings.get(key);
            now.put(
                    key,
                    version != null && before != null && version.equals(before.version())
                            ? before
                            : new Reading(version, Policies.of(policy), Snapshot.Origin.of(policy)));
        }
        return new Known(now);
    }

    List<Policy> policies() {
        return readings.values().stream().map(Reading::policy).toList();
    }

    Map<Policy.Key, Snapshot.Origin> origins() {
        return readings.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, reading -> reading.getValue().origin()));
    }
}
