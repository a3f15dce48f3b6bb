package dev.spandrel.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.TracePolicy;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    private static final TracePolicy A = policy("a");
    private static final TracePolicy B = policy("b");

    private boolean gone;
    private int asked;
    private final Memory memory = new Memory(() -> {
        asked++;
        return gone;
    });

    @Test
    void aDeletedPolicyIsGone() {
        assertThat(memory.of(List.of(A, B))).containsExactly(A, B);
        assertThat(asked).as("nothing is missing").isZero();
        assertThat(memory.of(List.of(B))).containsExactly(B);
        assertThat(memory.holding()).isFalse();
    }

    @Test
    void whatGoesWithTheDefinitionHoldsUntilItIsBack() {
        memory.of(List.of(A, B));
        gone = true;
        assertThat(memory.of(List.of(B))).as("one after the other").containsExactly(A, B);
        assertThat(memory.of(List.of())).containsExactly(A, B);
        assertThat(memory.holding()).isTrue();
        gone = false;
        assertThat(memory.of(List.of(B))).containsExactly(B);
        assertThat(memory.holding()).isFalse();
    }

    private static TracePolicy policy(String name) {
        TracePolicy policy = new TracePolicy();
        policy.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        return policy;
    }
}
