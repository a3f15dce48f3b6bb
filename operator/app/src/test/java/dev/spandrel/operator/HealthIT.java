package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.operator.push.FakeAgent;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What kstatus (Flux and others) and Argo CD's health check, both run for real, make of a policy in each of its states. */
final class HealthIT {
    private RunningOperator operator;

    @BeforeAll
    static void cluster() {
        RunningOperator.prepareCluster();
        GitOpsPrograms.require();
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
    void onItsWayThenThereThenOnItsWayAgain() {
        operator.pod("web");
        try (FakeAgent agent = operator.agent("")) {
            operator.policy("shop", "{sampling: {percent: 50}}");
            Push push = agent.nextWithWorkloads();
            operator.awaitStatus("shop", "{.status.conditions[?(@.type==\"Reconciling\")].reason}", "NodesPending");
            assertHealth("InProgress", "Progressing");
            agent.answer(push);
            operator.awaitProgrammed("shop");
            assertHealth("Current", "Healthy");

            agent.drifted(push.getWorkloads(0).getId());
            operator.awaitStatus("shop", "{.status.conditions[?(@.type==\"Reconciling\")].reason}", "Drifted");
            assertHealth("InProgress", "Progressing");
            agent.drifted();
            operator.awaitProgrammed("shop");
            assertHealth("Current", "Healthy");
        }
    }

    @Test
    void refusedByANodeAndThenChanged() {
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
            operator.awaitStatus("shop", "{.status.conditions[?(@.type==\"Stalled\")].reason}", "Rejected");
            assertHealth("Failed", "Degraded");
            operator.patch("shop", "{\"spec\":{\"roles\":[\"Server\"]}}");
            agent.answer(agent.next());
            operator.awaitProgrammed("shop");
            assertHealth("Current", "Healthy");
        }
    }

    @Test
    void whatCannotBeInForceHasFailedAndWhatHasEndedHasNot() {
        operator.policy("shop", "{spans: {attributes: {allowedRequestHeaders: [x-user]}}}");
        operator.awaitStatus("shop", "{.status.conditions[?(@.type==\"Stalled\")].reason}", "Invalid");
        assertHealth("Failed", "Degraded");
        operator.patch("shop", "{\"spec\":{\"spans\":null,\"expiresAfter\":\"1s\"}}");
        operator.run("wait", "--for=condition=Expired", "tpol/shop", "--timeout=20s");
        assertHealth("Current", "Healthy");
    }

    @Test
    void aPolicyThatTheOperatorHasNotSeenIsOnItsWay() throws IOException {
        operator.stop();
        operator.policy("shop", "{}");
        assertHealth("InProgress", "Progressing");
        operator.start();
        operator.awaitProgrammed("shop");
        assertHealth("Current", "Healthy");
        operator.stop();
        operator.patch("shop", "{\"spec\":{\"roles\":[\"Server\"]}}");
        assertHealth("InProgress", "Progressing");
        operator.start();
    }

    private void assertHealth(String kstatus, String argocd) {
        String policy = operator.run("get", "tpol", "shop", "-o", "json");
        assertThat(GitOpsPrograms.kstatus(policy)).as("kstatus of %s", policy).isEqualTo(kstatus);
        assertThat(GitOpsPrograms.argocd(policy)).as("Argo CD of %s", policy).isEqualTo(argocd);
    }
}
