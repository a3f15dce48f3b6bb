package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS' probes come and go with what is traced; what is loaded stays, and a file has its probes once. */
final class TlsE2E {
    private static final int CONTAINERS = 100;

    private final TestCgroup cgroup = TestCgroup.make("tls");
    private final List<TestCgroup> containers = new ArrayList<>();
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        Certificate.make(directory);
        Nginx.start(cgroup, directory, "secure.conf", Map.of("PORT", "" + port));
        Ports.awaitListening(port);
    }

    @AfterEach
    void stop() {
        containers.forEach(TestCgroup::close);
        cgroup.close();
    }

    @Test
    void offAndOnAgainLoadsNothing() {
        Policies policies = Policies.in(directory);
        policies.write("tls", cgroup, "sampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.standalone(directory, "socklen", policies)) {
            awaitTraced(agent, "/first");
            BpfHeld on = BpfHeld.by(agent);

            policies.write("tls", cgroup, "enabled: false\n");
            Await.until("nothing attached", () -> BpfHeld.by(agent).links().isEmpty());
            assertThat(BpfHeld.linksStillThere(on.links())).isEmpty();
            assertThat(BpfHeld.by(agent).programs()).isEqualTo(on.programs());
            Await.until("no probes", () -> probed(agent) == 0);
            ask("/while-off");

            policies.write("tls", cgroup, "sampling: {percent: 100}\n");
            awaitTraced(agent, "/second");
            assertThat(BpfHeld.by(agent).programs()).as("nothing was loaded").isEqualTo(on.programs());
            assertThat(BpfHeld.by(agent).links()).hasSameSizeAs(on.links());
            assertThat(agent.spans(span -> span.path().equals("/while-off"))).isEmpty();
        }
    }

    @Test
    void aLibraryThatManyContainersMapHasItsProbesOnce() throws IOException {
        Policies policies = Policies.in(directory);
        policies.write("tls", cgroup, "sampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.standalone(directory, "socklen", policies)) {
            awaitTraced(agent, "/one");
            int links = BpfHeld.by(agent).links().size();
            Path library = mapped("libssl.so.3");
            for (int i = 0; i < CONTAINERS; i++) map(library, i);
            // Another file with the same code, by the youngest of all: when it is known, so are the others'.
            map(Files.copy(library, directory.resolve("libssl.so.3")), CONTAINERS);
            Await.until("the copy's probes", () -> probed(agent) >= 2);
            assertThat(probed(agent)).isEqualTo(2);
            assertThat(agent.log().lines().filter(line -> line.contains(" is seen: openssl")))
                    .hasSize(2);
            assertThat(BpfHeld.by(agent).links()).hasSizeBetween(links + 1, 2 * links - 1);
        }
    }

    private static double probed(AgentProcess agent) {
        return agent.metric("spandrel_tls_files", "library=\"openssl\"");
    }

    private void map(Path library, int container) {
        TestCgroup made = cgroup.child("container-" + container);
        containers.add(made);
        made.start(directory.resolve("container.out"), List.of("env", "LD_PRELOAD=" + library, "sleep", "600"));
    }

    private Path mapped(String library) throws IOException {
        long nginx =
                Long.parseLong(Files.readString(directory.resolve("nginx.pid")).strip());
        try (var maps = Files.lines(Path.of("/proc/" + nginx + "/maps"))) {
            return maps.filter(line -> line.endsWith("/" + library))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void awaitTraced(AgentProcess agent, String path) {
        Await.until("probes", () -> probed(agent) >= 1);
        ask(path);
        agent.awaitSpan("the request through TLS", span -> span.path().equals(path));
    }

    private void ask(String path) {
        try {
            Process curl = new ProcessBuilder(
                            "curl", "-sk", "--http1.1", "-o", "/dev/null", "https://127.0.0.1:" + port + path)
                    .inheritIO()
                    .start();
            assertThat(curl.waitFor()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
