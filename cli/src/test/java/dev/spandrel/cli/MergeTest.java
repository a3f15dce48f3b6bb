package dev.spandrel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.spandrel.contract.v1.Node;
import dev.spandrel.contract.v1.NodeList;
import dev.spandrel.contract.v1.PolicyList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two replicas; each knows its own agents. */
final class MergeTest {
    @Test
    void theReplicaOfThePodsNodeIsRight() {
        assertThat(Merge.explanations(List.of(Answers.unknown(), Answers.agreed())))
                .isEqualTo(Answers.agreed());
        assertThat(Merge.explanations(List.of(Answers.unknown(), Answers.unknown())))
                .isEqualTo(Answers.unknown());
    }

    @Test
    void nodesAreThoseOfBoth() {
        NodeList one = NodeList.newBuilder()
                .addNodes(Answers.node("a"))
                .addNodes(Node.newBuilder().setName("b"))
                .build();
        NodeList other = NodeList.newBuilder()
                .addNodes(Node.newBuilder().setName("a"))
                .addNodes(Answers.node("b").setConnectedSince("2026-06-01T12:30:00Z"))
                .build();
        assertThat(Merge.nodes(List.of(one, other)).getNodesList())
                .extracting(Node::getName, Node::getConnectedSince)
                .containsExactly(tuple("a", "2026-06-01T12:00:00Z"), tuple("b", "2026-06-01T12:30:00Z"));
    }

    @Test
    void countsOfConnectedNodesAddUp() {
        PolicyList one = PolicyList.newBuilder()
                .addPolicies(Answers.policy("p").setProgrammed(1).putLost("gap", 2))
                .build();
        PolicyList other = PolicyList.newBuilder()
                .addPolicies(
                        Answers.policy("p").setGeneration(2).setProgrammed(2).putLost("gap", 3))
                .build();
        var sum = Merge.policies(List.of(one, other)).getPolicies(0);
        assertThat(sum.getProgrammed()).isEqualTo(3);
        assertThat(sum.getDesired()).isEqualTo(3);
        assertThat(sum.getGeneration()).isEqualTo(2);
        assertThat(sum.getLostMap()).containsExactly(Map.entry("gap", 5L));
        assertThat(PolicyState.of(sum)).isEqualTo(PolicyState.PROGRAMMED);
    }
}
