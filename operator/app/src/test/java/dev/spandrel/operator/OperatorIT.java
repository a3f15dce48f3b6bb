package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.cluster.Definitions;
import dev.spandrel.operator.push.FakeAgent;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The operator on a real API server, with no more rights than config/base gives it, kubectl on one side and an agent without a kernel
 * on the other.
 */
final class OperatorIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final String namespace = "it-" + UUID.randomUUID().toString().substring(0, 8);
    private final String node = "node-" + namespace;
    private KubernetesClient client;
    private Parts operator;

    @BeforeAll
    static void cluster() {
        ApiServerRung.require();
        ApiServerRung.kubectl("", "create", "namespace", "spandrel-system"); // there from another test perhaps
        ApiServerRung.apply(Stream.of(
                        ApiServerRung.run("kustomize", "../../config/base").split("---\n"))
                .filter(document -> document.contains("kind: ServiceAccount") || document.contains("kind: ClusterRole"))
                .collect(Collectors.joining("---\n")));
        try (KubernetesClient admin = Clients.connect()) {
            Definitions.install(admin);
        }
    }

    @BeforeEach
    void start() throws IOException {
        ApiServerRung.run("create", "namespace", namespace);
        startOperator();
    }

    private void startOperator() throws IOException {
        Config config = Config.autoConfigure(null);
        config.setImpersonateUsername("system:serviceaccount:spandrel-system:spandrel-operator");
        client = Clients.connect(config);
        Definitions.install(client);
        operator = new Parts(
                client,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Scope.Cluster("root-" + namespace));
        operator.start();
    }

    @AfterEach
    void stop() {
        stopOperator();
        ApiServerRung.run("delete", "pods", "--all", "-n", namespace, "--force", "--grace-period=0");
        ApiServerRung.run("delete", "tracepolicies", "--all", "-n", namespace);
        ApiServerRung.run("delete", "namespace", namespace, "--wait=false");
    }

    private void stopOperator() {
        operator.close();
        client.close();
    }

    @Test
    void appliedPatchedAndDeleted() {
        pod("web");
        policy("shop", "{sampling: {percent: 50}}");
        try (FakeAgent agent = agent("")) {
            Push first = agent.nextWithWorkloads();
            assertThat(first.getWorkloads(0).getConfig().getThreshold()).isEqualTo(1L << 55);
            assertThat(first.getWorkloads(0).getAttributesMap()).containsEntry("k8s.pod.name", "web");
            agent.answer(first);
            awaitProgrammed("shop");
            assertThat(ApiServerRung.run("get", "tpol", "shop", "-n", namespace))
                    .containsPattern("NAME +PROGRAMMED +NODES +PODS +SAMPLING +AGE\\n")
                    .containsPattern("shop +True +1/1 +1 +50% ");

            patch("shop", "{\"spec\":{\"sampling\":{\"percent\":0}}}");
            Push second = agent.next();
            assertThat(second.getWorkloads(0).getConfig().getThreshold()).isEqualTo(1L << 56);
            agent.answer(second);
            awaitProgrammed("shop");
            assertThat(status("shop", "{.status.observedGeneration}")).isEqualTo("2");

            ApiServerRung.run("delete", "tpol", "shop", "-n", namespace);
            Push third = agent.next();
            assertThat(third.getRemovedCount()).isEqualTo(1);
            assertThat(third.getWorkloadsCount()).isZero();
        }
    }

    @Test
    void podsComeAndGo() {
        policy("shop", "{podSelector: {matchLabels: {app: web}}}");
        await().atMost(SOON).until(() -> status("shop", "{.status.conditions[1].reason}"), "NothingSelected"::equals);
        try (FakeAgent agent = agent("")) {
            agent.answer(agent.next());
            pod("web");
            Push came = agent.next();
            assertThat(came.getFull()).isFalse();
            assertThat(came.getWorkloadsCount()).isEqualTo(1);
            agent.answer(came);
            await().atMost(SOON).until(() -> status("shop", "{.status.nodes.summary}"), "1/1"::equals);

            // Its container id, as a kubelet writes it.
            ApiServerRung.run(
                    "patch",
                    "pod",
                    "web",
                    "-n",
                    namespace,
                    "--subresource=status",
                    "-p",
                    "{\"status\":{\"containerStatuses\":[{\"name\":\"web\",\"image\":\"x\",\"imageID\":\"x\",\"ready\":true,\"restartCount\":0,"
                            + "\"containerID\":\"containerd://0123\"}]}}");
            Push started = agent.next();
            assertThat(started.getWorkloads(0).getContainersMap()).containsEntry("0123", "web");
            agent.answer(started);

            ApiServerRung.run("delete", "pod", "web", "-n", namespace, "--force", "--grace-period=0");
            assertThat(agent.next().getRemovedCount()).isEqualTo(1);
        }
    }

    @Test
    void aRejectionIsInTheStatus() {
        pod("web");
        policy("shop", "{}");
        try (FakeAgent agent = agent("")) {
            Push push = agent.nextWithWorkloads();
            agent.answer(
                    push,
                    Rejection.newBuilder()
                            .setWorkloadId(push.getWorkloads(0).getId())
                            .setReason("UnsupportedKernel")
                            .setMessage("Linux 5.10 is too old")
                            .build());
            await().atMost(SOON)
                    .until(
                            () -> status("shop", "{.status.conditions[?(@.type==\"Programmed\")].message}"),
                            ("rejected by 1 of 1 nodes: " + node + ": UnsupportedKernel: Linux 5.10 is too old")
                                    ::equals);
        }
    }

    @Test
    void afterARestartNothingIsPushedThatTheAgentHolds() throws IOException {
        pod("web");
        policy("shop", "{}");
        String version;
        try (FakeAgent agent = agent("")) {
            Push push = agent.nextWithWorkloads();
            version = push.getVersion();
            agent.answer(push);
            awaitProgrammed("shop");
        }
        String before = status("shop", "{.metadata.resourceVersion}");
        stopOperator();
        startOperator();
        try (FakeAgent agent = agent(version)) {
            patch("shop", "{\"spec\":{\"roles\":[\"Server\"]}}");
            Push push = agent.nextWithWorkloads();
            assertThat(push.getFull())
                    .as("a delta on what it holds, and the first thing it is told")
                    .isFalse();
            assertThat(status("shop", "{.metadata.resourceVersion}")).isNotEqualTo(before);
        }
    }

    @Test
    void theYoungerOfTwoPoliciesNamesTheWinnerAndTheFields() {
        pod("web");
        policy("a", "{sampling: {percent: 1}}");
        policy("b", "{sampling: {percent: 2}, roles: [Server]}");
        try (FakeAgent agent = agent("")) {
            Push push = agent.nextWithWorkloads();
            while (push.getWorkloads(0).getConfig().getRolesCount() != 1) {
                agent.answer(push);
                push = agent.next();
            }
            assertThat(push.getWorkloads(0).getConfig().getThreshold()).isEqualTo(71337018097548657L);
            agent.answer(push);
            await().atMost(SOON)
                    .until(
                            () -> status("b", "{.status.conditions[?(@.type==\"Conflicted\")].message}"),
                            (namespace + "/a wins on 1 pod: sampling.percent")::equals);
            awaitProgrammed("a");
            awaitProgrammed("b");

            ApiServerRung.run("delete", "tpol", "a", "-n", namespace);
            agent.answer(agent.next());
            await().atMost(SOON)
                    .until(() -> status("b", "{.status.conditions[*].type}"), "Accepted Programmed Ready"::equals);
        }
    }

    @Test
    void aPolicyEndsByItselfAlsoAcrossARestartAndStartsAgainWhenChanged() throws IOException {
        pod("web");
        policy("debug", "{expiresAfter: 4s}");
        String end;
        try (FakeAgent agent = agent("")) {
            Push push = agent.nextWithWorkloads();
            agent.answer(push);
            awaitProgrammed("debug");
            end = status("debug", "{.status.expiresAt}");
            assertThat(push.getWorkloads(0).getLater(0).getAtUnixMillis())
                    .isEqualTo(Instant.parse(end).toEpochMilli());
            assertThat(push.getWorkloads(0).getLater(0).hasConfig()).isFalse();
        }
        stopOperator();
        startOperator();
        try (FakeAgent agent = agent("")) {
            agent.nextRemovedOrNothing();
            assertThat(Instant.now()).isAfterOrEqualTo(Instant.parse(end));
            ApiServerRung.run("wait", "--for=condition=Expired", "tpol/debug", "-n", namespace, "--timeout=20s");
            assertThat(status("debug", "{.status.expiresAt}")).isEqualTo(end);
            awaitProgrammed("debug");

            patch("debug", "{\"spec\":{\"expiresAfter\":\"1h\"}}");
            agent.answer(agent.nextWithWorkloads());
            await().atMost(SOON)
                    .until(() -> status("debug", "{.status.conditions[*].type}"), "Accepted Programmed Ready"::equals);
        }
    }

    @Test
    void eventsAreChangesOfStateAndNeverRepeated() throws IOException {
        pod("web");
        policy("shop", "{sampling: {percent: 50}}");
        String version;
        try (FakeAgent agent = agent("")) {
            Push push = agent.nextWithWorkloads();
            agent.answer(push);
            awaitProgrammed("shop");
            policy("younger", "{sampling: {percent: 10}}");
            await().atMost(SOON).until(() -> events("younger"), List.of("Warning Conflicted")::equals);
            await().atMost(SOON).until(() -> events("shop"), List.of("Normal Programmed")::equals);
            version = push.getVersion();
        }
        stopOperator();
        startOperator();
        try (FakeAgent agent = agent(version)) {
            policy("shop", "{sampling: {percent: 50}}"); // the same again
            ApiServerRung.run("annotate", "tpol", "shop", "-n", namespace, "touched=true");
            ApiServerRung.run("delete", "tpol", "younger", "-n", namespace);
            policy("last", "{roles: [Server]}");
            Push push = agent.nextWithWorkloads();
            agent.answer(push);
            await().atMost(SOON).until(() -> events("last"), List.of("Normal Programmed")::equals);
            patch("last", "{\"spec\":{\"roles\":[\"Client\"]}}");
            agent.answer(
                    agent.nextWithWorkloads(),
                    Rejection.newBuilder()
                            .setWorkloadId(push.getWorkloads(0).getId())
                            .setReason("NotWritten")
                            .build());
            await().atMost(SOON).until(() -> events("last"), List.of("Normal Programmed", "Warning Rejected")::equals);
            await().atMost(SOON).until(() -> events("shop"), List.of("Normal Programmed", "Warning Rejected")::equals);
        }
        assertThat(events("younger")).containsExactly("Warning Conflicted");
        assertThat(ApiServerRung.run("describe", "tpol", "shop", "-n", namespace))
                .containsPattern("Normal +Programmed .* spandrel.dev/operator +in the kernel of 1 node");
    }

    @Test
    void aPolicyOfTheRootNamespaceHoldsInEveryOther() {
        pod("web");
        String root = "root-" + namespace;
        ApiServerRung.run("create", "namespace", root);
        ApiServerRung.apply("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: all, namespace: %s}
                spec: {podSelector: {matchLabels: {app: web}}, sampling: {percent: 25}}
                """.formatted(root));
        policy("elsewhere", "{spans: {attributes: {allowedRequestHeaders: [x-user]}}}");
        try (FakeAgent agent = agent("")) {
            Push push = agent.nextWithWorkloads();
            assertThat(push.getWorkloads(0).getConfig().getPolicy()).isEqualTo(root + "/all");
            agent.answer(push);
            await().atMost(SOON)
                    .until(
                            () -> status("elsewhere", "{.status.conditions[0].message}"),
                            ("spec.spans.attributes.allowedRequestHeaders: only a policy of the root namespace, " + root
                                    + ", may set it")::equals);
        } finally {
            ApiServerRung.run("delete", "tpol", "--all", "-n", root);
            ApiServerRung.run("delete", "namespace", root, "--wait=false");
        }
    }

    /** Type and reason of the Events about a policy, the oldest first. */
    private List<String> events(String policy) {
        return ApiServerRung.run(
                        "get",
                        "events.events.k8s.io",
                        "-n",
                        namespace,
                        "--field-selector=regarding.name=" + policy,
                        "--sort-by=.eventTime",
                        "-o",
                        "jsonpath={range .items[*]}{.type} {.reason}{\"\\n\"}{end}")
                .lines()
                .toList();
    }

    private FakeAgent agent(String held) {
        return new FakeAgent(operator.port(), node, held);
    }

    private void pod(String name) {
        ApiServerRung.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: web}}
                spec: {nodeName: %s, containers: [{name: web, image: nginx}]}
                """.formatted(name, namespace, node));
    }

    private void policy(String name, String spec) {
        ApiServerRung.apply("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(name, namespace, spec));
    }

    private void patch(String name, String json) {
        ApiServerRung.run("patch", "tpol", name, "-n", namespace, "--type=merge", "-p", json);
    }

    private void awaitProgrammed(String name) {
        ApiServerRung.run("wait", "--for=condition=Programmed", "tpol/" + name, "-n", namespace, "--timeout=20s");
    }

    private String status(String name, String path) {
        return ApiServerRung.run("get", "tpol", name, "-n", namespace, "-o", "jsonpath=" + path);
    }
}
