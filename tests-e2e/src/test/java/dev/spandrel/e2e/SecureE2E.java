package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operator and agent as in a cluster: TLS by the operator's own authority, and a token of the agent's pod. */
@Tag(OtherKernel.TAG)
final class SecureE2E {
    private final Kubectl cluster = Kubectl.fromEnvironment();
    private final String namespace = "secure-" + UUID.randomUUID().toString().substring(0, 8);
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @Test
    void anAgentGetsTheConfigurationOfItsOwnNodeAlone() {
        cluster.run("create", "namespace", namespace);
        Path folder = directory.resolve("identity");
        Identity identity = Identity.create(folder, cluster, namespace);
        try (DevProcess operator = OperatorProcess.start(
                        directory,
                        cluster,
                        port,
                        "--secure",
                        "--inspect",
                        "127.0.0.1:" + Ports.free(),
                        "--namespace",
                        namespace);
                PodFixture pod = PodFixture.create(cluster, namespace, "node-1", "shop")) {
            identity.write("node-1");
            try (AgentProcess agent = agent(folder, "node-1")) {
                cluster.apply("""
                        apiVersion: spandrel.dev/v1alpha1
                        kind: TracePolicy
                        metadata: {name: shop, namespace: %s}
                        spec: {podSelector: {matchLabels: {app: shop}}}
                        """.formatted(pod.namespace()));
                cluster.run("wait", "--for=condition=Programmed", "tracepolicy/shop", "-n", namespace, "--timeout=40s");
                int serverPort = Ports.free();
                Nginx.leaf(pod.container(), directory, serverPort);
                new Load(serverPort, "/leaf/secure").requests(1);
                agent.awaitSpan("the request", span -> span.path().equals("/leaf/secure"));
                assertThat(agent.process().log()).contains("connected to operator");
            }
            identity.write("node-2");
            try (AgentProcess thief = agent(folder, "node-1")) {
                Await.until(
                        "the refusal", () -> thief.process().log().contains("the token's pod is not on node node-1"));
                assertThat(operator.log()).contains("refused");
            }
        } finally {
            cluster.run("delete", "namespace", namespace, "--wait=false");
        }
    }

    private AgentProcess agent(Path folder, String node) {
        return AgentProcess.start(
                directory, "--operator", "127.0.0.1:" + port, "--node", node, "--identity", folder.toString());
    }
}
