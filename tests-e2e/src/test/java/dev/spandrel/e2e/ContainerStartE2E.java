package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that start in a selected pod after the policy: the kernel selects each when its cgroup is made. */
final class ContainerStartE2E {
    private static final String NODE = "node-1";
    private static final int CONTAINERS = 10;

    private final Kubectl cluster = Kubectl.fromEnvironment();
    private final String namespace = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
    private final int operatorPort = Ports.free();
    private OperatorProcess operator;
    private AgentProcess agent;
    private PodFixture pod;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        cluster.run("create", "namespace", namespace);
        operator = OperatorProcess.start(directory, cluster, operatorPort);
        pod = PodFixture.create(cluster, namespace, NODE, "late");
        agent = AgentProcess.start(directory, "--operator", "127.0.0.1:" + operatorPort, "--node", NODE);
        cluster.apply("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: late, namespace: %s}
                spec: {podSelector: {matchLabels: {app: late}}, sampling: {percent: 100}}
                """.formatted(namespace));
        cluster.run("wait", "--for=condition=Programmed", "tracepolicy/late", "-n", namespace, "--timeout=20s");
    }

    @AfterEach
    void stop() {
        cluster.tryRun("", "delete", "tracepolicy", "--all", "-n", namespace);
        pod.close();
        agent.close();
        operator.close();
        cluster.run("delete", "namespace", namespace, "--wait=false");
    }

    @Test
    void isTracedFromItsVeryFirstRequest() {
        Path podCgroup = pod.container().directory().getParent();
        List<String> first =
                IntStream.range(0, CONTAINERS).mapToObj(i -> "/first/" + i).toList();
        for (String path : first) {
            String id = UUID.randomUUID().toString().replace("-", "").repeat(2);
            try (TestCgroup container = TestCgroup.at(podCgroup.resolve(id))) {
                // Both ends of the only connection are inside, and its first request is the first thing that happens
                // there.
                Process both = container.start(
                        directory.resolve("late" + path.replace('/', '-') + ".out"),
                        List.of(
                                "python3",
                                AgentProcess.ROOT
                                        .resolve("tests-e2e/src/test/resources/servers/once.py")
                                        .toString(),
                                path));
                assertThat(both.onExit().join().exitValue()).isZero();
            }
        }
        for (String path : first) {
            Span server = agent.awaitSpan(
                    path, span -> span.kind() == Span.SERVER && span.path().equals(path));
            assertThat(server.resource()).containsEntry("k8s.pod.name", pod.name());
            agent.awaitSpan(
                    path, span -> span.kind() == Span.CLIENT && span.path().equals(path));
        }
    }
}
