package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator or the CRD is deleted: what was in force last holds on, or is off, as chosen. */
final class AwayE2E {
    private static final String CRD = "tracepolicies.spandrel.dev";

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
        installDefinition();
        node.close();
    }

    @Test
    void theCrdIsDeletedAndWhatWasInForceHoldsUntilItIsBack() {
        node.apply("percent: 100, keep: {errors: false}");
        long generation = node.agent().generation();
        node.kubectl("delete", "crd", CRD);
        node.operator().awaitLog("what was in force last holds on");
        assertTraced("/leaf/without-crd");
        assertThat(node.agent().generation()).as("nothing was pushed").isEqualTo(generation);

        installDefinition();
        node.apply("percent: 0, keep: {errors: false}");
        assertThat(node.agent().generation()).isGreaterThan(generation);
        node.kubectl("delete", "tracepolicy", "shop");
        awaitOff();
    }

    @Test
    void theCrdIsDeletedAndItIsOffWhereThatWasChosen() {
        node.killOperator();
        node.startOperator("--without-crd", "off");
        node.apply("percent: 100, keep: {errors: false}");
        node.kubectl("delete", "crd", CRD);
        awaitOff();
    }

    @Test
    void theOperatorIsDeletedAndTheAgentRunsOn() {
        node.apply("percent: 100, keep: {errors: false}");
        node.killOperator();
        assertTraced("/leaf/without-operator");
    }

    @Test
    void theOperatorIsDeletedAndTheAgentIsOffWhereThatWasChosen() {
        node.killAgent();
        node.startAgent("--off-after", "1");
        node.apply("percent: 100, keep: {errors: false}");
        node.killOperator();
        awaitOff();
        node.startOperator();
        node.awaitProgrammed();
        Await.until("attached again", () -> node.agent().metric("spandrel_programs_attached", "") > 0);
        assertTraced("/leaf/operator-is-back");
    }

    /** What is in force is in its memory: an agent that comes without a state of its own is told it. */
    @Test
    void theApiServerIsAwayAndTheOperatorServesByWhatItKnows() throws IOException {
        try (CutLine line = new CutLine(Kubectl.fromEnvironment(), directory)) {
            node.killOperator();
            node.startOperator(line.behind());
            node.apply("percent: 100, keep: {errors: false}");
            line.cut();
            node.operator().awaitLog("the API server does not answer");
            node.killAgent();
            forget(directory.resolve("state"));
            node.startAgent();
            node.agent().awaitSelected(1);
            assertTraced("/leaf/without-api-server");

            long generation = node.agent().generation();
            node.kubectl("patch", "tpol", "shop", "--type=merge", "-p", "{\"spec\":{\"sampling\":{\"percent\":99}}}");
            line.mend();
            node.operator().awaitLog("the API server answers again");
            node.agent().awaitGenerationAfter(generation);
            node.awaitProgrammed();
        }
    }

    @Test
    void theCrdIsMissingWhenTheOperatorStartsAndWhatWasInForceHolds() {
        node.apply("percent: 100, keep: {errors: false}");
        long generation = node.agent().generation();
        node.killOperator();
        node.kubectl("delete", "crd", CRD);
        node.startOperator();
        node.operator().awaitLog("installed " + CRD);
        node.awaitConnections(2);
        assertTraced("/leaf/crd-was-missing");
        assertThat(node.agent().generation()).as("nothing was pushed").isEqualTo(generation);
        node.apply("percent: 0, keep: {errors: false}");
        assertThat(node.agent().generation()).isGreaterThan(generation);
    }

    @Test
    void theCrdIsMissingWhenTheOperatorStartsAndItIsOffWhereThatWasChosen() {
        node.apply("percent: 100, keep: {errors: false}");
        node.killOperator();
        node.kubectl("delete", "crd", CRD);
        node.startOperator("--without-crd", "off");
        awaitOff();
    }

    private void assertTraced(String path) {
        new Load(serverPort, path).requests(1);
        node.agent().awaitSpan("a request", span -> span.path().equals(path));
    }

    private static void forget(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    private void awaitOff() {
        Await.until(
                "nothing attached by the agent",
                () -> BpfHeld.by(node.agent()).links().isEmpty());
    }

    private void installDefinition() {
        String file = Checkout.ROOT
                .resolve("crds/generated/tracepolicies.spandrel.dev-v1.yaml")
                .toString();
        node.kubectl("apply", "--server-side", "--force-conflicts", "-f", file);
        // Not `kubectl wait`: it fails where a definition has no conditions yet.
        Await.until(
                "the definition is established",
                () -> node.kubectl(
                                "get",
                                "crd",
                                CRD,
                                "-o",
                                "jsonpath={.status.conditions[?(@.type==\"Established\")].status}")
                        .equals("True"));
    }
}
