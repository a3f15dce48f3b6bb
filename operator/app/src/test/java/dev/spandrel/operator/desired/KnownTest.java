package dev.spandrel.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.TracePolicy;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KnownTest {
    @Test
    void whatHasTheSameVersionIsTheSameObject() {
        Known first = Known.NOTHING.read(List.of(policy("a", "1"), policy("b", "1")));
        Known again = first.read(List.of(policy("b", "1"), policy("a", "1")));
        assertThat(again).isSameAs(first);
        assertThat(List.copyOf(first.policies()))
                .as("which a compilation takes for the same without looking into it")
                .isSameAs(first.policies());
        assertThat(first.read(List.of(policy("a", "1"), policy("b", "2"))).policies())
                .hasSize(2)
                .contains(first.readings().get(Policies.key(policy("a", "1"))).policy());
        assertThat(first.read(List.of(policy("a", "1"))).policies()).hasSize(1);
        assertThat(first.read(List.of(policy("a", "1"), policy("c", "1"))).origins())
                .hasSize(2);
    }

    private static TracePolicy policy(String name, String version) {
        TracePolicy policy = new TracePolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName(name)
                .withUid(name)
                .withResourceVersion(version)
                .build());
        return policy;
    }
}
