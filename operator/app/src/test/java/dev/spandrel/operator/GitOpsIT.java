package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Push;
import dev.spandrel.operator.push.FakeAgent;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a GitOps tool does all day: it applies the same again, and beside others. */
final class GitOpsIT {
    private static final String WHOLE = """
            {podSelector: {matchLabels: {app: web}}, sampling: {percent: 50, keep: {errors: true, slowerThan: 250ms}},
             ports: [{port: 80}, {port: 8000, endPort: 8080}], roles: [Server], expiresAfter: 1h,
             spans: {match: [{name: x-debug}, {name: x-test, value: "1"}], headers: [traceparent, b3],
                     attributes: {requestHeaders: [x-tenant]}}}""";

    /** Of a policy's beginning: its first status, and the Event that says so. */
    private static final long MARKERS_OWN = 2;

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
    void theSameAgainCausesNoWriteAndNoPush() {
        operator.pod("web");
        operator.policy("shop", WHOLE);
        applyAs("gitops", "flux", "{sampling: {percent: 20}, roles: [Client]}");
        operator.awaitStatus("shop", "{.status.observedGeneration}", "1");
        operator.awaitStatus("flux", "{.status.observedGeneration}", "1"); // so that one push has both
        try (FakeAgent agent = operator.agent("")) {
            Push push = agent.nextWithWorkloads();
            agent.answer(push);
            operator.awaitProgrammed("shop");
            operator.awaitProgrammed("flux");
            String before = state();
            long writes = RunningOperator.writes();
            long pushes = operator.pushes();
            for (int i = 0; i < 5; i++) {
                operator.policy("shop", WHOLE);
                applyAs("gitops", "flux", "{sampling: {percent: 20}, roles: [Client]}");
            }
            // What the operator would still do, it has done before it has written about something newer.
            operator.policy("marker", "{podSelector: {matchLabels: {app: nobody}}}");
            operator.awaitProgrammed("marker");
            RunningOperator.awaitThat(() -> RunningOperator.writes() - writes, made -> made >= MARKERS_OWN);
            assertThat(RunningOperator.writes() - writes)
                    .as("writes of the operator")
                    .isEqualTo(MARKERS_OWN);
            assertThat(state()).as("resource versions and managed fields").isEqualTo(before);
            assertThat(operator.pushes() - pushes).as("pushes").isZero();
        }
    }

    @Test
    void twoFieldManagersKeepTheirFieldsAndListsAreMerged() {
        applyAs("team", "shop", """
                {podSelector: {matchLabels: {app: web}}, sampling: {percent: 50}, ports: [{port: 80}],
                 spans: {match: [{name: x-debug, value: "1"}], headers: [b3]}}""");
        applyAs("platform", "shop", """
                {sampling: {keep: {slowerThan: 250ms}}, ports: [{port: 443, endPort: 444}],
                 spans: {match: [{name: x-debug, value: "2"}, {name: x-any}], headers: [traceparent]}}""");
        assertThat(operator.status("shop", "{.spec}"))
                .isEqualTo("{\"podSelector\":{\"matchLabels\":{\"app\":\"web\"}},"
                        + "\"ports\":[{\"port\":80},{\"endPort\":444,\"port\":443}],"
                        + "\"sampling\":{\"keep\":{\"slowerThan\":\"250ms\"},\"percent\":50},"
                        + "\"spans\":{\"headers\":[\"b3\",\"traceparent\"],\"match\":[{\"name\":\"x-debug\",\"value\":\"1\"},"
                        + "{\"name\":\"x-debug\",\"value\":\"2\"},{\"name\":\"x-any\",\"value\":\"\"}]}}");
        operator.awaitProgrammed("shop");

        applyAs("team", "shop", "{podSelector: {matchLabels: {app: web}}, sampling: {percent: 50}}");
        assertThat(operator.status("shop", "{.spec.ports}{.spec.spans.headers}{.spec.spans.match[*].value}"))
                .as("what the other one still says")
                .isEqualTo("[{\"endPort\":444,\"port\":443}][\"traceparent\"]2 ");

        assertThat(apply("platform", "shop", "{podSelector: {matchLabels: {tier: front}}}")
                        .errors())
                .as("a selector is one thing and is not merged")
                .contains("conflict with \"team\"", ".spec.podSelector");
        assertThat(apply("platform", "shop", "{sampling: {percent: 1}}").errors())
                .contains("conflict with \"team\"", ".spec.sampling.percent");
    }

    /** As {@code kubectl apply --server-side} of a file. */
    private ApiServerRung.Result apply(String manager, String name, String spec) {
        return ApiServerRung.kubectl(
                """
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(name, operator.namespace(), spec),
                "apply",
                "--server-side",
                "--field-manager=" + manager,
                "-f",
                "-");
    }

    private void applyAs(String manager, String name, String spec) {
        ApiServerRung.checked(apply(manager, name, spec));
    }

    /** Everything that a write changes, of both policies. */
    private String state() {
        return operator.status("shop", "{.metadata}{.status}") + operator.status("flux", "{.metadata}{.status}");
    }
}
