package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kubectl apply, patch and delete on a real API server, and what the kernel then does with the requests of a real nginx. */
final class OperatorE2E {
    private final int serverPort = Ports.free();
    private OneNode node;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        node = new OneNode(directory, "shop");
        Nginx.leaf(node.pod().container(), directory, serverPort);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void appliedPatchedUnderLoadAndDeleted() {
        node.apply("percent: 100, keep: {errors: false}");
        assertThat(node.kubectl("get", "tpol", "shop", "--no-headers").split(" +"))
                .startsWith("shop", "True", "1/1", "1", "100%");
        Load load = new Load(serverPort, "/leaf/first");
        load.requests(1);
        Span first = node.agent()
                .awaitSpan(
                        "the first request after Programmed",
                        span -> span.path().equals("/leaf/first"));
        assertThat(first.resource())
                .containsEntry("k8s.pod.name", node.pod().name())
                .containsEntry("k8s.namespace.name", node.namespace())
                .containsEntry("k8s.container.name", "web");

        try (Load.Running running = load.start(4)) {
            Await.until("spans under load", () -> node.agent().spans().size() > 500);
            long generation = node.agent().generation();
            patch("{\"spec\":{\"sampling\":{\"percent\":10}}}");
            node.agent().awaitGenerationAfter(generation);
            // Spans that were kept before may still be on their way: what counts is when a request began.
            long from = System.currentTimeMillis() * 1_000_000;
            long before = running.sent();
            Await.until("5000 more requests", () -> running.sent() >= before + 5000);
            running.stop();
            double expected = 0.1 * (running.sent() - before);
            Await.until("the sampled spans", () -> since(from) > 0.8 * expected);
            Await.until("every kept span", () -> node.agent().spans().size() == kept());
            assertThat((double) since(from)).isCloseTo(expected, within(0.2 * expected));
        }
        Await.until("every request counted exactly", () -> count() >= load.sent());
        assertThat(count()).as("exact counts, sampled or not").isEqualTo(load.sent());

        node.kubectl("delete", "tracepolicy", "shop");
        Await.until(
                "nothing attached by the agent",
                () -> BpfHeld.by(node.agent()).links().isEmpty());
    }

    @Test
    void operatorAndAgentComeBackWithoutEachOther() {
        node.apply("percent: 100, keep: {errors: false}");
        long generation = node.agent().generation();
        node.killOperator();
        new Load(serverPort, "/leaf/without-operator").requests(1);
        node.agent()
                .awaitSpan(
                        "a request while the operator is away",
                        span -> span.path().equals("/leaf/without-operator"));

        node.startOperator();
        node.kubectl("annotate", "tracepolicy/shop", "touched=true");
        node.awaitConnections(2);
        node.awaitProgrammed();
        assertThat(node.agent().generation()).as("nothing was pushed twice").isEqualTo(generation);

        node.killOperator();
        node.killAgent();
        node.startAgent();
        Await.until("back to the last good configuration", () -> {
            new Load(serverPort, "/leaf/after-kill").requests(1);
            return !node.agent()
                    .spans(span -> span.path().equals("/leaf/after-kill"))
                    .isEmpty();
        });
        node.startOperator();
    }

    @Test
    void aPolicyEndsByItselfWhileTheOperatorIsAway() {
        node.apply("percent: 100, keep: {errors: false}");
        long generation = node.agent().generation();
        patch("{\"spec\":{\"expiresAfter\":\"12s\",\"sampling\":{\"maxSpansPerSecond\":1000}}}");
        node.agent().awaitGenerationAfter(generation);
        node.awaitProgrammed();
        Instant end = Instant.parse(node.kubectl("get", "tpol", "shop", "-o", "jsonpath={.status.expiresAt}"));
        node.killOperator();
        new Load(serverPort, "/leaf/in-time").requests(1);
        node.agent().awaitSpan("a request in time", span -> span.path().equals("/leaf/in-time"));
        Await.until("a second after its end", () -> Instant.now().isAfter(end.plusSeconds(1)));
        new Load(serverPort, "/leaf/too-late").requests(1);
        Await.until(
                "nothing attached by the agent",
                () -> BpfHeld.by(node.agent()).links().isEmpty());
        assertThat(node.agent().spans(span -> span.path().equals("/leaf/too-late")))
                .isEmpty();

        node.startOperator();
        node.kubectl("wait", "--for=condition=Expired", "tracepolicy/shop", "--timeout=20s");
    }

    private void patch(String json) {
        node.kubectl("patch", "tracepolicy", "shop", "--type=merge", "-p", json);
    }

    private long since(long from) {
        return node.agent().spans(span -> span.start() >= from).size();
    }

    private long kept() {
        return (long) node.agent().metric("spandrel_exchanges_kept_total", "");
    }

    private long count() {
        return (long) node.agent()
                .metric("http_server_request_duration_seconds_count", node.pod().name());
    }
}
