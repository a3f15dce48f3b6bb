package dev.spandrel.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.Sampling;
import dev.spandrel.crds.Spans;
import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicySpec;
import dev.spandrel.policy.Compiler;
import dev.spandrel.policy.Inventory;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AuditTest {
    private static final Inventory ONE_POD = new Inventory(List.of(new dev.spandrel.policy.Pod(
            "shop", "web", dev.spandrel.policy.Pod.id("u"), "node", Map.of(), Map.of(), Optional.empty(), List.of())));

    @Test
    void whoChangedWhatAndWhere() {
        assertThat(Audit.entries(snapshot(0, policy(1, "kubectl", 10.0)), snapshot(0, policy(2, "argocd", 50.0))))
                .singleElement()
                .asString()
                .isEqualTo(
                        "{audit=TracePolicy, policy=shop/p, change=changed, uid=uid, generation=2, manager=argocd, changedAt=2026-06-01T12:00:02Z, "
                                + "fields={sampling.percent=[10.0, 50.0]}, accepted=true, pods=1, nodes=1, sampling=50%, "
                                + "configHash="
                                + snapshot(0, policy(2, "argocd", 50.0))
                                        .compilation()
                                        .policies()
                                        .firstEntry()
                                        .getValue()
                                        .configHash()
                                + "}");
    }

    @Test
    void comingEndingAndGoingAreChangesAndPodsAreNone() {
        TracePolicy policy = policy(1, "kubectl", 10.0);
        assertThat(changes(Snapshot.NONE, snapshot(0, policy))).containsExactly("found");
        assertThat(changes(snapshot(0), snapshot(0, policy))).containsExactly("applied");
        assertThat(changes(snapshot(0, policy), snapshot(0, policy))).isEmpty();
        assertThat(changes(snapshot(0, policy), snapshot(100_000, policy))).containsExactly("ended");
        assertThat(changes(snapshot(0, policy), snapshot(0))).containsExactly("deleted");
    }

    @Test
    void valuesOfHeadersThatSelectRequestsAreNotLogged() {
        TracePolicy policy = policy(1, "kubectl", 10.0);
        policy.setSpec(new TracePolicySpec(
                null,
                null,
                null,
                null,
                null,
                null,
                new Spans(null, null, List.of(new Spans.Match("x-debug", "secret")), null, null),
                null,
                null));
        assertThat(Audit.entries(snapshot(0), snapshot(0, policy)).toString())
                .contains("spans.match=[, [x-debug]]")
                .doesNotContain("secret");
    }

    private static List<Object> changes(Snapshot before, Snapshot now) {
        return Audit.entries(before, now).stream()
                .map(entry -> entry.get("change"))
                .toList();
    }

    private static Snapshot snapshot(long seconds, TracePolicy... policies) {
        List<Policy> compiled = Stream.of(policies).map(Policies::of).toList();
        return new Snapshot(
                Stream.of(policies).collect(Collectors.toMap(Policies::key, Snapshot.Origin::of)),
                compiled,
                Compiler.compile(
                        compiled,
                        ONE_POD,
                        Scope.CLUSTER,
                        Instant.parse("2026-06-01T12:00:10Z").plusSeconds(seconds)),
                Times.NEVER,
                ProbeSnapshot.NONE);
    }

    /** Whoever labelled it afterwards did not change what it says. */
    private static TracePolicy policy(long generation, String manager, double percent) {
        TracePolicy policy = new TracePolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("p")
                .withUid("uid")
                .withGeneration(generation)
                .withManagedFields(
                        new ManagedFieldsEntryBuilder()
                                .withManager(manager)
                                .withTime("2026-06-01T12:00:0" + generation + "Z")
                                .withFieldsV1(fields("f:spec"))
                                .build(),
                        new ManagedFieldsEntryBuilder()
                                .withManager("labeller")
                                .withTime("2026-06-01T12:30:00Z")
                                .withFieldsV1(fields("f:metadata"))
                                .build())
                .build());
        policy.setSpec(new TracePolicySpec(
                null, null, null, null, null, new Sampling(percent, null, null, null, null), null, null, "1h"));
        return policy;
    }

    private static FieldsV1 fields(String name) {
        FieldsV1 fields = new FieldsV1();
        fields.setAdditionalProperty(name, Map.of());
        return fields;
    }
}
