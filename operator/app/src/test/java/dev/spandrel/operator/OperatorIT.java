package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Push;
import dev.spandrel.operator.push.FakeAgent;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** kubectl apply, patch and delete, pods that come and go, and what a node is told because of it. */
final class OperatorIT {
    private RunningOperator operator;

    @BeforeAll
    static void cluster() {
        RunningOperator.prepareCluster();
    }

    @BeforeEach
    void start() throws IOException {
        operator = new RunningOperator();
    }

    @AfterEach
    void stop() {
        operator.close();
    }

    @Test
    void appliedPatchedAndDeleted() {
        operator.pod("web");
        operator.policy("shop", "{sampling: {percent: 50}}");
        try (FakeAgent agent = operator.agent("")) {
            Push first = agent.nextWithWorkloads();
            assertThat(first.getWorkloads(0).getConfig().getThreshold()).isEqualTo(1L << 55);
            assertThat(first.getWorkloads(0).getAttributesMap()).containsEntry("k8s.pod.name", "web");
            agent.answer(first);
            operator.awaitProgrammed("shop");
            assertThat(operator.run("get", "tpol", "shop"))
                    .containsPattern("NAME +PROGRAMMED +NODES +PODS +SAMPLING +AGE\\n")
                    .containsPattern("shop +True +1/1 +1 +50% ");

            operator.patch("shop", "{\"spec\":{\"sampling\":{\"percent\":0}}}");
            Push second = agent.next();
            assertThat(second.getWorkloads(0).getConfig().getThreshold()).isEqualTo(1L << 56);
            agent.answer(second);
            operator.awaitProgrammed("shop");
            assertThat(operator.status("shop", "{.status.observedGeneration}")).isEqualTo("2");

            operator.run("delete", "tpol", "shop");
            Push third = agent.next();
            assertThat(third.getRemovedCount()).isEqualTo(1);
            assertThat(third.getWorkloadsCount()).isZero();
        }
    }

    @Test
    void whatIsChangedOrDeletedWhileAStatusIsWrittenIsNotMissed() {
        operator.pod("web");
        operator.policy("shop", "{sampling: {percent: 50}}");
        try (FakeAgent agent = operator.agent("")) {
            Push first = agent.nextWithWorkloads();
            operator.whileAStatusIsWritten(() -> operator.patch("shop", "{\"spec\":{\"sampling\":{\"percent\":0}}}"));
            agent.answer(first);
            Push second = agent.next();
            assertThat(second.getWorkloads(0).getConfig().getThreshold()).isEqualTo(1L << 56);
            operator.whileAStatusIsWritten(() -> operator.run("delete", "tpol", "shop"));
            agent.answer(second);
            assertThat(agent.next().getRemovedCount()).isEqualTo(1);
        }
    }

    @Test
    void podsComeAndGo() {
        operator.policy("shop", "{podSelector: {matchLabels: {app: web}}}");
        operator.awaitStatus("shop", "{.status.conditions[1].reason}", "NothingSelected");
        try (FakeAgent agent = operator.agent("")) {
            agent.answer(agent.next());
            operator.pod("web");
            Push came = agent.next();
            assertThat(came.getFull()).isFalse();
            assertThat(came.getWorkloadsCount()).isEqualTo(1);
            agent.answer(came);
            operator.awaitStatus("shop", "{.status.nodes.summary}", "1/1");

            // Its container id, as a kubelet writes it.
            operator.run(
                    "patch",
                    "pod",
                    "web",
                    "--subresource=status",
                    "-p",
                    "{\"status\":{\"containerStatuses\":[{\"name\":\"web\",\"image\":\"x\",\"imageID\":\"x\",\"ready\":true,\"restartCount\":0,"
                            + "\"containerID\":\"containerd://0123\"}]}}");
            Push started = agent.next();
            assertThat(started.getWorkloads(0).getContainersMap()).containsEntry("0123", "web");
            agent.answer(started);

            operator.run("delete", "pod", "web", "--force", "--grace-period=0");
            assertThat(agent.next().getRemovedCount()).isEqualTo(1);
        }
    }

    @Test
    void afterARestartNothingIsPushedThatTheAgentHolds() throws IOException {
        operator.pod("web");
        operator.policy("shop", "{}");
        String version;
        try (FakeAgent agent = operator.agent("")) {
            Push push = agent.nextWithWorkloads();
            version = push.getVersion();
            agent.answer(push);
            operator.awaitProgrammed("shop");
        }
        String before = operator.status("shop", "{.metadata.resourceVersion}");
        operator.restart();
        try (FakeAgent agent = operator.connectedAgent(version)) {
            operator.patch("shop", "{\"spec\":{\"roles\":[\"Server\"]}}");
            Push push = agent.nextWithWorkloads();
            assertThat(push.getFull())
                    .as("a delta on what it holds, and the first thing it is told")
                    .isFalse();
            assertThat(operator.status("shop", "{.metadata.resourceVersion}")).isNotEqualTo(before);
        }
    }

    @Test
    void aPolicyOfTheRootNamespaceHoldsInEveryOther() {
        operator.pod("web");
        String root = operator.rootNamespace();
        ApiServerRung.run("create", "namespace", root);
        RunningOperator.policy(root, "all", "{podSelector: {matchLabels: {app: web}}, sampling: {percent: 25}}");
        operator.policy("elsewhere", "{spans: {attributes: {allowedRequestHeaders: [x-user]}}}");
        try (FakeAgent agent = operator.agent("")) {
            Push push = agent.nextWithWorkloads();
            assertThat(push.getWorkloads(0).getConfig().getPolicy()).isEqualTo(root + "/all");
            agent.answer(push);
            operator.awaitStatus(
                    "elsewhere",
                    "{.status.conditions[0].message}",
                    "spec.spans.attributes.allowedRequestHeaders: only a policy of the root namespace, " + root
                            + ", may set it");
        } finally {
            ApiServerRung.run("delete", "tpol", "--all", "-n", root);
            ApiServerRung.run("delete", "namespace", root, "--wait=false");
        }
    }
}
