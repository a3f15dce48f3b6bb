package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.push.FakeAgent;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several operators on one API server: each serves agents, and one writes. */
final class ReplicasIT {
    private final String namespace = "it-" + UUID.randomUUID().toString().substring(0, 8);
    private ReplicaProcess leader;
    private ReplicaProcess other;

    @BeforeAll
    static void cluster() {
        RunningOperator.prepareCluster();
    }

    @BeforeEach
    void start() throws IOException {
        ApiServerRung.run("create", "namespace", namespace);
        leader = ReplicaProcess.start("root-" + namespace);
        RunningOperator.awaitThat(() -> ReplicaProcess.leader(leader), Optional::isPresent);
        other = ReplicaProcess.start("root-" + namespace);
    }

    @AfterEach
    void stop() throws IOException {
        try (ReplicaProcess _ = leader;
                ReplicaProcess _ = other) {
            ApiServerRung.run("delete", "pods,tracepolicies", "--all", "-n", namespace, "--force", "--grace-period=0");
        }
        ApiServerRung.run("delete", "namespace", namespace, "--wait=false");
    }

    @Test
    void oneWritesWhatTheAgentsOfBothSay() {
        pod("a");
        pod("b");
        try (FakeAgent a = leader.agent(node("a"));
                FakeAgent b = other.agent(node("b"))) {
            RunningOperator.policy(namespace, "shop", "{}");
            a.answer(a.nextWithWorkloads());
            b.answer(b.nextWithWorkloads());
            awaitNodes("2/2");
            assertThat(leader.writes(namespace)).anyMatch(write -> write.startsWith("PATCH"));
            assertThat(other.writes(namespace)).isEmpty();
        }
    }

    @Test
    void anotherOneTakesOverFromOneThatIsKilled() {
        pod("b");
        try (FakeAgent b = other.agent(node("b"))) {
            RunningOperator.policy(namespace, "shop", "{}");
            b.answer(b.nextWithWorkloads());
            awaitNodes("1/1");
            leader.kill();
            RunningOperator.policy(namespace, "shop", "{sampling: {percent: 5}}");
            b.answer(b.nextWithWorkloads());
            RunningOperator.awaitThat(() -> status("{.status.observedGeneration}"), "2"::equals);
            awaitNodes("1/1");
            assertThat(ReplicaProcess.leader(other)).isPresent();
            assertThat(other.writes(namespace)).anyMatch(write -> write.startsWith("PATCH"));
        }
    }

    @Test
    void oneThatEndsLetsTheLeaseGo() throws IOException {
        leader.close();
        // Not because it is over: at once there is no holder, or the other one already.
        assertThat(ReplicaProcess.leader(leader)).isEmpty();
        RunningOperator.awaitThat(() -> ReplicaProcess.leader(other), Optional::isPresent);
    }

    private String node(String name) {
        return name + "-" + namespace;
    }

    private void pod(String name) {
        ApiServerRung.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec: {nodeName: %s, containers: [{name: web, image: nginx}]}
                """.formatted(name, namespace, node(name)));
    }

    private void awaitNodes(String expected) {
        RunningOperator.awaitThat(() -> status("{.status.nodes.programmed}/{.status.nodes.desired}"), expected::equals);
    }

    private String status(String path) {
        return ApiServerRung.run("get", "tpol", "shop", "-n", namespace, "-o", "jsonpath=" + path);
    }
}
