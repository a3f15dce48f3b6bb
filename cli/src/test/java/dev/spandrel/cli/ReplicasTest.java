package dev.spandrel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spandrel.contract.v1.ListNodesRequest;
import dev.spandrel.contract.v1.NodeList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tokens, over real connections on loopback. */
final class ReplicasTest {
    private final AtomicInteger fetched = new AtomicInteger();

    @Test
    void aTokenIsFetchedForWhoAsksForIt() {
        try (OperatorOfTest operator = new OperatorOfTest(Answers.agreed(), "mine")) {
            assertThat(ask(operator, "mine"))
                    .singleElement()
                    .satisfies(nodes -> assertThat(nodes.getNodesCount()).isEqualTo(1));
            assertThatThrownBy(() -> ask(operator, "of another"))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.exit()).isEqualTo(Exit.REFUSED))
                    .hasMessageContaining("who are you?");
            assertThatThrownBy(() -> ask(operator, "")).hasMessageContaining("who are you?");
        }
    }

    @Test
    void andForNobodyElse() {
        try (OperatorOfTest operator = new OperatorOfTest(Answers.agreed())) {
            ask(operator, "mine");
            assertThat(fetched).hasValue(0);
        }
    }

    @Test
    void onlyThisMachineIsLoopback() {
        assertThat(Connection.Address.parse("127.0.0.1:1").isLoopback()).isTrue();
        assertThat(Connection.Address.parse("[::1]:1").isLoopback()).isTrue();
        assertThat(Connection.Address.parse("10.0.0.1:1").isLoopback()).isFalse();
    }

    private List<NodeList> ask(OperatorOfTest operator, String token) {
        try (Replicas replicas = Replicas.at(List.of(new Connection.Address("127.0.0.1", operator.port())), () -> {
            fetched.incrementAndGet();
            return token;
        })) {
            return replicas.ask(stub -> stub.listNodes(ListNodesRequest.getDefaultInstance()));
        }
    }
}
