package dev.spandrel.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.operator.identity.Refusals;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.NodeTarget;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over a real connection on loopback. */
final class PushServerTest {
    private final BlockingQueue<String> progressed = new LinkedBlockingQueue<>();
    private final Nodes nodes = new Nodes(System::nanoTime, heard -> progressed.add(heard.node()));
    private final NodeStreams streams = new NodeStreams(nodes, new Refusals(InstantSource.system()));
    private final PushServer server;

    PushServerTest() throws IOException {
        server = PushServer.listen(Door.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), streams);
    }

    @AfterEach
    void close() {
        server.close();
        streams.close();
    }

    @Test
    void pushedAnsweredAndRemembered() throws InterruptedException {
        target("n", Configs.of("a=1"));
        try (FakeAgent agent = new FakeAgent(server.port(), "n", "")) {
            Push push = agent.next();
            awaitProgress(); // connected
            agent.answer(
                    push,
                    Rejection.newBuilder()
                            .setWorkloadId("a")
                            .setReason("TooManyRules")
                            .build());
            awaitProgress();

            assertThat(nodes.progress("n").acknowledged()).contains(Configs.of("a=1"));
            assertThat(nodes.progress("n").rejected()).containsOnlyKeys("a");
        }
        awaitProgress(); // left
        assertThat(nodes.progress("n").disconnectedNanos()).isPresent();
    }

    @Test
    void aNodeThatNothingIsSelectedOnIsToldSoUnlessItKnows() throws InterruptedException {
        target("elsewhere", Configs.of("a=1"));
        try (FakeAgent agent = new FakeAgent(server.port(), "n", "something old");
                FakeAgent other = new FakeAgent(
                        server.port(), "m", Compilation.EMPTY.node("m").version())) {
            Push push = agent.next();
            assertThat(push.getFull()).isTrue();
            assertThat(push.getWorkloadsList()).isEmpty();
            assertThat(progressed.poll(10, TimeUnit.SECONDS))
                    .as("one connected")
                    .isNotNull();
            assertThat(progressed.poll(10, TimeUnit.SECONDS))
                    .as("both connected")
                    .isNotNull();

            target("m", Configs.of("b=1"));
            assertThat(other.next().getFull()).as("the first it is told").isFalse();
        }
    }

    @Test
    void aSecondAgentOfANodeEndsTheFirst() throws InterruptedException {
        try (FakeAgent first = new FakeAgent(server.port(), "n", "")) {
            awaitProgress();
            try (FakeAgent second = new FakeAgent(server.port(), "n", "")) {
                assertThat(first.ended().getCode()).isEqualTo(Status.Code.ABORTED);
                target("n", Configs.of("a=1"));
                second.answer(second.next());
            }
        }
    }

    @Test
    void anAgentWithoutANameIsRefused() {
        try (FakeAgent agent = new FakeAgent(server.port(), "", "")) {
            assertThat(agent.ended().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    private void awaitProgress() throws InterruptedException {
        assertThat(progressed.poll(10, TimeUnit.SECONDS)).isEqualTo("n");
    }

    private void target(String node, NodeTarget config) {
        TreeMap<String, NodeTarget> configs = new TreeMap<>();
        configs.put(node, config);
        nodes.target(Compilation.of(configs, new TreeMap<>()));
    }
}
