package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.operator.push.FakeAgent;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people see of a policy: its conditions, its Events, its end. */
final class StatusIT {
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
    void aRejectionIsInTheStatus() {
        operator.pod("web");
        operator.policy("shop", "{}");
        try (FakeAgent agent = operator.agent("")) {
            Push push = agent.nextWithWorkloads();
            agent.answer(
                    push,
                    Rejection.newBuilder()
                            .setWorkloadId(push.getWorkloads(0).getId())
                            .setReason("UnsupportedKernel")
                            .setMessage("Linux 5.10 is too old")
                            .build());
            operator.awaitStatus(
                    "shop",
                    "{.status.conditions[?(@.type==\"Programmed\")].message}",
                    "rejected by 1 of 1 nodes: " + operator.node() + ": UnsupportedKernel: Linux 5.10 is too old");
        }
    }

    @Test
    void wideOutputSaysByWhichBackendAndWhatTheNodesLost() {
        operator.pod("web");
        operator.policy("shop", "{}");
        try (FakeAgent agent = operator.agent("")) {
            agent.lost("gap", 3);
            agent.answer(agent.nextWithWorkloads());
            operator.awaitStatus("shop", "{.status.nodes.lost}", "{\"gap\":3}");
            assertThat(operator.run("get", "tpol", "shop", "-o", "wide"))
                    .containsPattern("AGE +BACKENDS +LOSING +LOST ON NODES +EXPIRES")
                    .containsPattern("\\{\"socklen\":1} +1 +\\{\"gap\":3}");
        }
    }

    @Test
    void theYoungerOfTwoPoliciesNamesTheWinnerAndTheFields() {
        operator.pod("web");
        operator.policy("a", "{sampling: {percent: 1}}");
        operator.policy("b", "{sampling: {percent: 2}, roles: [Server]}");
        try (FakeAgent agent = operator.agent("")) {
            Push push = agent.nextWithWorkloads();
            while (push.getWorkloads(0).getConfig().getRolesCount() != 1) {
                agent.answer(push);
                push = agent.next();
            }
            assertThat(push.getWorkloads(0).getConfig().getThreshold()).isEqualTo(71337018097548657L);
            agent.answer(push);
            operator.awaitStatus(
                    "b",
                    "{.status.conditions[?(@.type==\"Conflicted\")].message}",
                    operator.namespace() + "/a wins on 1 pod: sampling.percent");
            operator.awaitProgrammed("a");
            operator.awaitProgrammed("b");

            operator.run("delete", "tpol", "a");
            agent.answer(agent.next());
            operator.awaitStatus("b", "{.status.conditions[*].type}", "Accepted Programmed Ready");
        }
    }

    @Test
    void aPolicyEndsByItselfAlsoAcrossARestartAndStartsAgainWhenChanged() throws IOException {
        operator.pod("web");
        operator.policy("debug", "{expiresAfter: 4s}");
        String end;
        try (FakeAgent agent = operator.agent("")) {
            Push push = agent.nextWithWorkloads();
            agent.answer(push);
            operator.awaitProgrammed("debug");
            end = operator.status("debug", "{.status.expiresAt}");
            assertThat(push.getWorkloads(0).getLater(0).getAtUnixMillis())
                    .isEqualTo(Instant.parse(end).toEpochMilli());
            assertThat(push.getWorkloads(0).getLater(0).hasConfig()).isFalse();
        }
        operator.restart();
        try (FakeAgent agent = operator.agent("")) {
            agent.nextRemovedOrNothing();
            assertThat(Instant.now()).isAfterOrEqualTo(Instant.parse(end));
            operator.run("wait", "--for=condition=Expired", "tpol/debug", "--timeout=20s");
            assertThat(operator.status("debug", "{.status.expiresAt}")).isEqualTo(end);
            operator.awaitProgrammed("debug");

            operator.patch("debug", "{\"spec\":{\"expiresAfter\":\"1h\"}}");
            agent.answer(agent.nextWithWorkloads());
            operator.awaitStatus("debug", "{.status.conditions[*].type}", "Accepted Programmed Ready");
        }
    }

    @Test
    void eventsAreChangesOfStateAndNeverRepeated() throws IOException {
        operator.pod("web");
        operator.policy("shop", "{sampling: {percent: 50}}");
        String version;
        try (FakeAgent agent = operator.agent("")) {
            Push push = agent.nextWithWorkloads();
            agent.answer(push);
            operator.awaitProgrammed("shop");
            operator.policy("younger", "{sampling: {percent: 10}}");
            RunningOperator.awaitThat(() -> operator.events("younger"), List.of("Warning Conflicted")::equals);
            RunningOperator.awaitThat(() -> operator.events("shop"), List.of("Normal Programmed")::equals);
            version = push.getVersion();
        }
        operator.restart();
        try (FakeAgent agent = operator.agent(version)) {
            operator.policy("shop", "{sampling: {percent: 50}}"); // the same again
            operator.run("annotate", "tpol", "shop", "touched=true");
            operator.run("delete", "tpol", "younger");
            operator.policy("last", "{roles: [Server]}");
            Push push = agent.nextWithWorkloads();
            agent.answer(push);
            RunningOperator.awaitThat(() -> operator.events("last"), List.of("Normal Programmed")::equals);
            operator.patch("last", "{\"spec\":{\"roles\":[\"Client\"]}}");
            agent.answer(
                    agent.nextWithWorkloads(),
                    Rejection.newBuilder()
                            .setWorkloadId(push.getWorkloads(0).getId())
                            .setReason("NotWritten")
                            .build());
            RunningOperator.awaitThat(
                    () -> operator.events("last"), List.of("Normal Programmed", "Warning Rejected")::equals);
            RunningOperator.awaitThat(
                    () -> operator.events("shop"), List.of("Normal Programmed", "Warning Rejected")::equals);
        }
        assertThat(operator.events("younger")).containsExactly("Warning Conflicted");
        assertThat(operator.run("describe", "tpol", "shop"))
                .containsPattern("Normal +Programmed .* spandrel.dev/operator +in the kernel of 1 node");
    }
}
