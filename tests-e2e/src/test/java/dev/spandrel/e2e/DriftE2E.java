package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody empties the maps of a running agent: it is noticed, put right, and the policy's status says so in between. */
final class DriftE2E {
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
    void emptiedMapsAreFoundAndRestoredAndTheStatusSaysSoInBetween() {
        node.apply("percent: 100, keep: {errors: false}");
        long generation = node.agent().generation();
        new Load(serverPort, "/leaf/before").requests(1);
        node.agent().awaitSpan("a request", span -> span.path().equals("/leaf/before"));

        Path pod = node.pod().container().directory().getParent();
        BpfHeld.by(node.agent()).deleteConfig(pod);
        BpfHeld.by(node.agent()).deleteConfig(node.pod().container().directory());

        node.kubectl("wait", "--for=condition=Programmed=false", "tracepolicy/shop", "--timeout=20s");
        assertThat(node.kubectl(
                        "get",
                        "tracepolicy",
                        "shop",
                        "-o",
                        "jsonpath={.status.conditions[?(@.type==\"Programmed\")].reason} {.status.nodes.summary}"))
                .isEqualTo("Drifted 0/1");
        node.awaitProgrammed();
        assertThat(node.agent().metric("spandrel_drift_total", "")).isEqualTo(2);
        assertThat(node.agent().generation()).as("nothing was pushed").isEqualTo(generation);
        assertThat(node.kubectl("get", "events.events.k8s.io", "-o", "jsonpath={.items[*].reason}"))
                .contains("Drifted");

        new Load(serverPort, "/leaf/after").requests(1);
        node.agent().awaitSpan("a request afterwards", span -> span.path().equals("/leaf/after"));
    }
}
