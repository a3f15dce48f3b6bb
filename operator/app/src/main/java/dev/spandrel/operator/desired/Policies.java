package dev.spandrel.operator.desired;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicySpec;
import dev.spandrel.policy.Policy;
import java.time.Instant;
import java.util.Objects;

/** Custom resources as the policies that are compiled. */
public final class Policies {
    private Policies() {}

    public static Policy.Key key(TracePolicy policy) {
        return new Policy.Key(
                policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    }

    static Policy of(TracePolicy policy) {
        String created = policy.getMetadata().getCreationTimestamp();
        return new Policy(
                key(policy),
                created == null ? Instant.EPOCH : Instant.parse(created),
                Objects.requireNonNullElse(policy.getSpec(), TracePolicySpec.EMPTY));
    }
}
