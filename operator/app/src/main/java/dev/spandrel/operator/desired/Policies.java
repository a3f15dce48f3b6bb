package dev.spandrel.operator.desired;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicySpec;
import dev.spandrel.policy.Policy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/** Custom resources as the policies that are compiled. */
public final class Policies {
    private Policies() {}

    public static Policy.Key key(TracePolicy policy) {
        return new Policy.Key(
                policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    }

    static Policy of(TracePolicy policy) {
        return new Policy(
                key(policy),
                created(policy),
                changed(policy),
                Objects.requireNonNullElse(policy.getSpec(), TracePolicySpec.EMPTY));
    }

    /** By the API server's clock and record, so that every operator says the same at any time. */
    static Instant changed(HasMetadata policy) {
        return lastToSetTheSpec(policy)
                .map(entry -> Instant.parse(entry.getTime()))
                .orElseGet(() -> created(policy));
    }

    static Optional<ManagedFieldsEntry> lastToSetTheSpec(HasMetadata policy) {
        return policy.getMetadata().getManagedFields().stream()
                .filter(entry -> entry.getTime() != null && entry.getFieldsV1() != null)
                .filter(entry -> entry.getFieldsV1().getAdditionalProperties().containsKey("f:spec"))
                .max(Comparator.comparing(entry -> Instant.parse(entry.getTime())));
    }

    private static Instant created(HasMetadata policy) {
        String created = policy.getMetadata().getCreationTimestamp();
        return created == null ? Instant.EPOCH : Instant.parse(created);
    }
}
