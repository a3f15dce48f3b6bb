package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spandrel.contract.v1.ProgramProblem;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.operator.push.FakeAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probe sets from kubectl apply to what a node is told, and back into their status. */
final class ProbeSetIT {
    private static final String COUNTS =
            "{name: opens, program: 'tracepoint:syscalls:sys_enter_openat { @ = count(); }'}";

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
    void nodesCheckItFirstAndAttachItThen() {
        operator.pod("web");
        operator.probes("shop", "{probes: [" + COUNTS + "]}");
        try (FakeAgent agent = operator.probingAgent()) {
            Push check = agent.nextWithProbes();
            assertThat(check.getProbeSets(0).getAttach()).isFalse();
            assertThat(check.getProbeSets(0).getName()).isEqualTo(operator.namespace() + "/shop");
            assertThat(check.getProbedList()).hasSize(1);
            agent.answer(check);
            Push attach = agent.nextWithProbes();
            assertThat(attach.getProbeSets(0).getAttach()).isTrue();
            assertThat(attach.getProbedList()).as("told before").isEmpty();
            agent.answer(attach);
            operator.run("wait", "--for=condition=Ready", "pset/shop", "--timeout=20s");
            assertThat(operator.run("get", "pset", "shop", "--no-headers").split(" +"))
                    .startsWith("shop", "True", "Programmed", "1/1", "1");
            operator.run("delete", "pset", "shop");
            Push gone = agent.next();
            assertThat(gone.getRemovedProbeSetsList()).containsExactly(operator.namespace() + "/shop");
            assertThat(gone.getRemovedProbedList()).hasSize(1);
        }
    }

    @Test
    void whatIsChangedOrDeletedWhileAStatusIsWrittenIsNotMissed() {
        operator.pod("web");
        operator.probes("shop", "{probes: [" + COUNTS + "]}");
        try (FakeAgent agent = operator.probingAgent()) {
            Push first = agent.nextWithProbes();
            operator.whileAStatusIsWritten(
                    () -> operator.probes("shop", "{probes: [" + COUNTS.replace("@ =", "@other =") + "]}"));
            agent.answer(first);
            Push second = agent.nextWithProbes();
            while (!second.getProbeSets(0).getProbes(0).getProgram().contains("@other")) {
                agent.answer(second); // what was checked may be attached meanwhile
                second = agent.nextWithProbes();
            }
            operator.whileAStatusIsWritten(() -> operator.run("delete", "pset", "shop"));
            agent.answer(second);
            Push gone = agent.next();
            while (gone.getRemovedProbeSetsCount() == 0) {
                agent.answer(gone);
                gone = agent.next();
            }
            assertThat(gone.getRemovedProbeSetsList()).containsExactly(operator.namespace() + "/shop");
        }
    }

    @Test
    void aProgramThatCannotBeReadGoesNowhere() {
        operator.pod("web");
        try (FakeAgent agent = operator.probingAgent()) {
            operator.probes(
                    "broken", "{probes: [{name: slow, program: \"interval:s:1 {\\n  @x[comm = count();\\n}\"}]}");
            operator.awaitProbes("broken", "{.status.conditions[?(@.type==\"Accepted\")].reason}", "Invalid");
            assertThat(operator.probes("broken").path("{.status.conditions[?(@.type==\"Accepted\")].message}"))
                    .startsWith("slow:2:");
            assertThat(operator.probes("broken").path("{.status.probes[0].errors[0].line}"))
                    .isEqualTo("2");
            operator.probes("good", "{probes: [" + COUNTS + "]}");
            assertThat(agent.nextWithProbes().getProbeSetsList())
                    .extracting(set -> set.getName())
                    .containsExactly(operator.namespace() + "/good");
        }
    }

    @Test
    void whatANodeRefusesIsAttachedNowhere() {
        operator.pod("web");
        operator.probes("shop", "{probes: [" + COUNTS + "]}");
        try (FakeAgent agent = operator.probingAgent()) {
            Push check = agent.nextWithProbes();
            agent.answer(
                    check,
                    Rejection.newBuilder()
                            .setWorkloadId("probe/" + operator.namespace() + "/shop/opens")
                            .setReason("DoesNotCompile")
                            .setMessage("there is no field 'fielname'")
                            .addProblems(ProgramProblem.newBuilder()
                                    .setLine(3)
                                    .setColumn(14)
                                    .setMessage("there is no field 'fielname'"))
                            .build());
            operator.awaitProbes(
                    "shop",
                    "{.status.conditions[?(@.type==\"Accepted\")].message}",
                    "opens:3:14: there is no field 'fielname' (DoesNotCompile; 1 of 1 nodes: " + operator.node() + ")");
            assertThat(operator.probes("shop").path("{.status.probes[0].errors[0]}"))
                    .isEqualTo("{\"column\":14,\"line\":3,\"message\":\"there is no field 'fielname'\"}");
            assertThat(operator.probes("shop").path("{.status.checkedHash}")).isEmpty();
            assertThat(operator.run("get", "events.events.k8s.io", "-o", "jsonpath={.items[*].reason}"))
                    .contains("Rejected");
        }
    }

    /** What it reads is for the node to see; that it may not is the operator's word, and part of what is checked. */
    @Test
    void aNamespacesProbesReadTheMemoryOfItsProcessesAlone() {
        operator.pod("web");
        operator.probes("shop", "{probes: [{name: kernel, program: 'interval:s:1 { print(curtask->pid); }'}]}");
        try (FakeAgent agent = operator.probingAgent()) {
            Push check = agent.nextWithProbes();
            assertThat(check.getProbeSets(0).getProbes(0).getConfined()).isTrue();
            assertThat(check.getProbeSets(0).getAttach()).isFalse();
        }
    }

    @Test
    void nodesAreForTheRootNamespaceAndEnabledFalseDetaches() {
        operator.pod("web");
        operator.probes("nodes", "{nodeSelector: {}, probes: [" + COUNTS + "]}");
        operator.awaitProbes("nodes", "{.status.conditions[?(@.type==\"Accepted\")].reason}", "Invalid");
        operator.probes("switched-off", "{enabled: false, probes: [" + COUNTS + "]}");
        operator.awaitProbes("switched-off", "{.status.conditions[?(@.type==\"Programmed\")].reason}", "Disabled");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {probes: [{name: a}]}                                          | a probe is either a program or an object
                    {probes: [{name: A, program: x}]}                              | a probe's name has lower-case letters
                    {probes: [{name: a, program: x, limits: {cpu: '0%'}}]}         | cpu must be a share of one CPU above 0%
                    {probes: [{name: a, program: x, limits: {cpu: '101%'}}]}       | cpu must be a share of one CPU above 0%
                    {probes: [{name: a, program: x, limits: {mapMemory: 8M}}]}     | mapMemory must be a whole number of Ki
                    {probes: [{name: a, program: x, limits: {eventsPerSecond: 0}}]} | eventsPerSecond must be between 1 and 100000
                    {probes: [{name: a, program: x, export: {as: 'a b'}}]}         | a metric's name begins with a letter
                    {probes: [{name: a, program: x}], expiresAfter: soon}          | expiresAfter must be a duration
                    {probes: []}                                                   | should have at least 1 items
                    """)
    void theApiServerSaysWhatIsWrong(String spec, String message) {
        assertThatThrownBy(() -> operator.probes("wrong", spec)).hasMessageContaining(message);
    }

    @Test
    void samplesAreAccepted() throws IOException {
        List<Path> samples;
        try (Stream<Path> files = Files.list(Path.of("../../config/samples/probes"))) {
            samples = files.sorted().toList();
        }
        assertThat(samples).isNotEmpty();
        for (Path sample : samples) {
            // In a namespace that is there; which one a sample names decides nothing here.
            String yaml = Files.readString(sample).replaceAll("namespace: .*", "namespace: " + operator.namespace());
            ApiServerRung.checked(ApiServerRung.kubectl(yaml, "apply", "--dry-run=server", "-f", "-"));
        }
    }

    @Test
    void defaultsAreTheServers() {
        operator.probes("shop", "{probes: [" + COUNTS + "]}");
        assertThat(operator.probes("shop").path("{.spec.probes[0].limits}"))
                .isEqualTo("{\"cpu\":\"1%\",\"eventsPerSecond\":1000,\"mapMemory\":\"8Mi\"}");
    }
}
