package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An update starts the new agent beside the old one: one of them traces at a time, and no request is lost or counted by both. */
final class TurnE2E {
    private static final int REQUESTS = 20;

    private final int serverPort = Ports.free();
    private OneNode node;
    private AgentProcess old;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        node = new OneNode(directory, "shop");
        old = node.agent();
        Nginx.leaf(node.pod().container(), directory, serverPort);
        node.apply("percent: 100");
        request("/leaf/old");
        awaitAll(old, "/leaf/old");
    }

    @AfterEach
    void stop() {
        old.close();
        node.close();
    }

    @Test
    void theNewAgentTakesOverAndTheOldOneWaitsBesideIt() {
        node.startAgent();
        request("/leaf/new");
        node.awaitProgrammed();
        awaitAll(node.agent(), "/leaf/new");
        assertThat(BpfHeld.by(old).programs()).isEmpty();
        assertThat(old.spans(span -> span.path().equals("/leaf/new"))).isEmpty();
        assertThat(old.log()).contains("waiting beside it");
    }

    @Test
    void theOldAgentGoesOnWhenTheNewOneIsGone() {
        node.startAgent();
        Set<String> programs = BpfHeld.by(node.agent()).programs();
        assertThat(programs).isNotEmpty();
        node.killAgent();
        Await.until(
                "the old one traces again",
                () -> old.metric("spandrel_programs_attached", "") > 0
                        && BpfHeld.stillThere(programs).isEmpty());
        request("/leaf/again");
        awaitAll(old, "/leaf/again");
    }

    private static void awaitAll(AgentProcess agent, String path) {
        Await.until(
                "all of " + path,
                () -> agent.spans(span -> span.path().equals(path)).size() == REQUESTS);
    }

    private void request(String path) {
        new Load(serverPort, path).requests(REQUESTS);
    }
}
