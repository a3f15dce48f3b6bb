package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kubectl apply, patch and delete on a real API server, and what the kernel then does with the requests of a real nginx. */
final class OperatorE2E {
    private static final String NODE = "node-1";

    private final Kubectl cluster = Kubectl.fromEnvironment();
    private final String namespace = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
    private final int operatorPort = Ports.free();
    private final int serverPort = Ports.free();
    private OperatorProcess operator;
    private AgentProcess agent;
    private PodFixture pod;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        cluster.run("create", "namespace", namespace);
        operator = OperatorProcess.start(directory, cluster, operatorPort);
        pod = PodFixture.create(cluster, namespace, NODE, "shop");
        agent = startAgent();
        String configuration = Files.readString(
                        AgentProcess.ROOT.resolve("tests-e2e/src/test/resources/servers/leaf.conf"))
                .replace("@DIR@", directory.toString())
                .replace("@LEAF@", "" + serverPort)
                .replace("@PROXY@", "" + Ports.free())
                .replace("@THREADED@", "1");
        Path file = Files.writeString(directory.resolve("nginx.conf"), configuration);
        pod.container()
                .start(
                        directory.resolve("nginx.out"),
                        List.of(
                                "nginx",
                                "-c",
                                file.toString(),
                                "-e",
                                directory.resolve("error.log").toString()));
        Ports.awaitListening(serverPort);
    }

    @AfterEach
    void stop() {
        cluster.tryRun("", "delete", "tracepolicy", "--all", "-n", namespace);
        pod.close();
        agent.close();
        operator.close();
        cluster.run("delete", "namespace", namespace, "--wait=false");
    }

    private AgentProcess startAgent() {
        return AgentProcess.start(directory, "--operator", "127.0.0.1:" + operatorPort, "--node", NODE);
    }

    private void applyPolicy(String percent) {
        cluster.apply("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: shop, namespace: %s}
                spec:
                  podSelector: {matchLabels: {app: shop}}
                  sampling: {percent: %s, keep: {errors: false}}
                """.formatted(namespace, percent));
        cluster.run("wait", "--for=condition=Programmed", "tracepolicy/shop", "-n", namespace, "--timeout=20s");
    }

    @Test
    void appliedPatchedUnderLoadAndDeleted() {
        applyPolicy("100");
        Load load = new Load(serverPort, "/leaf/first");
        load.requests(1);
        Span first = agent.awaitSpan(
                "the first request after Programmed", span -> span.path().equals("/leaf/first"));
        assertThat(first.resource())
                .containsEntry("k8s.pod.name", pod.name())
                .containsEntry("k8s.namespace.name", namespace)
                .containsEntry("k8s.container.name", "web");

        try (Load.Running running = load.start(4)) {
            Await.until("spans under load", () -> agent.spans().size() > 500);
            patch("{\"spec\":{\"sampling\":{\"percent\":10}}}");
            long before = running.sent();
            int spansBefore = agent.spans().size();
            Await.until("5000 more requests", () -> running.sent() >= before + 5000);
            running.stop();
            double expected = 0.1 * (running.sent() - before);
            Await.until("the sampled spans", () -> agent.spans().size() - spansBefore > 0.8 * expected);
            // Requests between the patch's acknowledgement by the API server and the map write may still be at 100 %:
            // within the next second.
            assertThat((double) (agent.spans().size() - spansBefore))
                    .isCloseTo(expected, within(0.15 * expected + 600));
        }
        Await.until("every request counted exactly", () -> count() >= load.sent());
        assertThat(count()).as("exact counts, sampled or not").isEqualTo(load.sent());

        cluster.run("delete", "tracepolicy", "shop", "-n", namespace);
        Await.until("no program held by the agent", () -> programsHeld() == 0);
    }

    @Test
    void operatorAndAgentComeBackWithoutEachOther() {
        applyPolicy("100");
        long generation = agent.generation();
        operator.kill();
        new Load(serverPort, "/leaf/without-operator").requests(1);
        agent.awaitSpan(
                "a request while the operator is away", span -> span.path().equals("/leaf/without-operator"));

        operator = OperatorProcess.start(directory, cluster, operatorPort);
        cluster.run("annotate", "tracepolicy/shop", "-n", namespace, "touched=true");
        Await.until(
                "agent connected again",
                () -> agent.log()
                                .lines()
                                .filter(line -> line.contains("connected to operator"))
                                .count()
                        >= 2);
        cluster.run("wait", "--for=condition=Programmed", "tracepolicy/shop", "-n", namespace, "--timeout=20s");
        assertThat(agent.generation()).as("nothing was pushed twice").isEqualTo(generation);

        operator.kill();
        agent.kill();
        agent = startAgent();
        Await.until("back to the last good configuration", () -> {
            new Load(serverPort, "/leaf/after-kill").requests(1);
            return !agent.spans(span -> span.path().equals("/leaf/after-kill")).isEmpty();
        });
        operator = OperatorProcess.start(directory, cluster, operatorPort);
    }

    private void patch(String json) {
        cluster.run("patch", "tracepolicy", "shop", "-n", namespace, "--type=merge", "-p", json);
    }

    private long count() {
        return (long) agent.metric("http_server_request_duration_seconds_count", pod.name());
    }

    /** BPF programs that the agent's process holds a descriptor of. */
    private long programsHeld() {
        return agent.processTree().map(OperatorE2E::programsHeldBy).sum();
    }

    private static long programsHeldBy(long pid) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fdinfo"))) {
            return descriptors.filter(OperatorE2E::isProgram).count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean isProgram(Path fdinfo) {
        try {
            return Files.readString(fdinfo).contains("prog_tag:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
