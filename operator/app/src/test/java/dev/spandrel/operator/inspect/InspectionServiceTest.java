package dev.spandrel.operator.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spandrel.contract.v1.Agreement;
import dev.spandrel.contract.v1.Capability;
import dev.spandrel.contract.v1.ExplainRequest;
import dev.spandrel.contract.v1.Explanation;
import dev.spandrel.contract.v1.HeldCgroup;
import dev.spandrel.contract.v1.HeldValue;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.InspectionGrpc;
import dev.spandrel.contract.v1.ListNodesRequest;
import dev.spandrel.contract.v1.ListPoliciesRequest;
import dev.spandrel.contract.v1.PolicyState;
import dev.spandrel.contract.v1.ReadBack;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.operator.cluster.PodLookup;
import dev.spandrel.operator.desired.Snapshot;
import dev.spandrel.operator.identity.Refusals;
import dev.spandrel.operator.push.Door;
import dev.spandrel.operator.push.FakeAgent;
import dev.spandrel.operator.push.NodeStreams;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.operator.push.PushServer;
import dev.spandrel.policy.Compiler;
import dev.spandrel.policy.Inventory;
import dev.spandrel.policy.Pod;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyFiles;
import dev.spandrel.policy.Scope;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over a real connection on loopback, with an agent without a kernel: what it answers is what each test says. */
final class InspectionServiceTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Policy POLICY =
            PolicyFiles.parse("a test's", """
                    apiVersion: spandrel.dev/v1alpha1
                    kind: TracePolicy
                    metadata: {namespace: shop, name: web}
                    spec: {sampling: {percent: 10}}
                    """, NOON).policies().getFirst();
    private static final Inventory.Entry ENTRY =
            new Pod("shop", "web-1", Pod.id("u-1"), "n", Map.of("app", "web"), Map.of(), Optional.empty(), List.of());

    private final Nodes nodes = new Nodes(() -> 0, _ -> {});
    private volatile Snapshot snapshot = compiled();
    private volatile Access access = Access.OPEN;
    private final NodeStreams streams = new NodeStreams(nodes, new Refusals(InstantSource.system()));
    private final PushServer server;
    private final ManagedChannel channel;

    InspectionServiceTest() throws IOException {
        var service = new InspectionService(
                () -> snapshot,
                InspectionServiceTest::find,
                nodes,
                (token, right) -> access.deny(token, right),
                Scope.CLUSTER,
                InstantSource.fixed(NOON));
        server = PushServer.listen(
                Door.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), streams, service);
        channel = Grpc.newChannelBuilderForAddress("127.0.0.1", server.port(), InsecureChannelCredentials.create())
                .build();
        nodes.target(snapshot.compilation());
    }

    private static Snapshot compiled() {
        return new Snapshot(
                Map.of(POLICY.key(), new Snapshot.Origin("uid", 3, NOON, "kubectl", new TreeMap<>())),
                List.of(POLICY),
                Compiler.compile(List.of(POLICY), new Inventory(List.of(ENTRY)), Scope.CLUSTER, NOON),
                Snapshot.NONE.times(),
                Snapshot.NONE.probes());
    }

    private static PodLookup find(String namespace, String name) {
        return switch (name) {
            case "web-1" -> new PodLookup.OnANode("u-1", ENTRY);
            case "web-2" -> new PodLookup.NotOnANode();
            default -> new PodLookup.Unknown(List.of("web-1", "web-2"));
        };
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void theKernelHoldsWhatWasCompiled() {
        Explanation explanation = explain(held -> held.addCgroups(cgroup("/pod", config())));

        assertThat(explanation.getAgreement()).isEqualTo(Agreement.AGREEMENT_AGREES);
        assertThat(explanation.getNode().getConnectedSince()).isEqualTo("2026-06-01T12:00:00Z");
        assertThat(explanation.getFieldsList())
                .filteredOn(field -> field.getPath().equals("sampling.percent"))
                .singleElement()
                .satisfies(field -> {
                    assertThat(field.getValue()).isEqualTo("10%");
                    assertThat(field.getPolicy()).isEqualTo("shop/web");
                    assertThat(field.getGeneration()).isEqualTo(3);
                });
        assertThat(explanation.getCgroups(0).getFieldsList())
                .anyMatch(field -> field.getPath().equals("sampling.percent")
                        && field.getValue().equals("10%"));
    }

    @Test
    void aFieldThatSomebodyElseWroteIsNamed() {
        Explanation explanation = explain(held -> held.addCgroups(cgroup("/pod", config()))
                .addCgroups(cgroup(
                        "/pod/c", config().toBuilder().setKeepErrors(false).build())));

        assertThat(explanation.getAgreement()).isEqualTo(Agreement.AGREEMENT_DIFFERS);
        assertThat(explanation.getCgroupsList())
                .extracting(cgroup -> List.copyOf(cgroup.getDiffersList()))
                .containsExactly(List.of(), List.of("sampling.keep.errors"));
        assertThat(explanation.getReason())
                .isEqualTo("in 1 of 2 cgroups the kernel holds what this agent did not write: sampling.keep.errors");
        assertThat(explanation.getAdvice()).contains("its agent looks every few seconds");
    }

    @Test
    void anOldGenerationAForeignValueAndNoneDiffer() {
        HeldCgroup old = HeldCgroup.newBuilder()
                .setPath("/old")
                .setValue(HeldValue.newBuilder().setGeneration(1).setConfig(config()))
                .build();
        HeldCgroup foreign = cgroup("/foreign", config()).toBuilder()
                .setValue(cgroup("", config()).getValue().toBuilder().setForeign("00ff"))
                .build();
        Explanation explanation = explain(held -> held.addCgroups(old)
                .addCgroups(foreign)
                .addCgroups(HeldCgroup.newBuilder().setPath("/none")));

        assertThat(explanation.getCgroups(0).getDiffersList()).containsExactly("generation");
        assertThat(explanation.getCgroups(1).getDiffersList()).containsExactly("bytes");
        assertThat(explanation.getCgroups(2).getDiffersList()).contains("enabled", "sampling.percent");
    }

    @Test
    void whatIsOnItsWayIsSaidToBe() {
        Explanation explanation = explain(
                held -> held.setVersion("of before").addCgroups(cgroup("/pod", TraceConfig.getDefaultInstance())));
        assertThat(explanation.getReason())
                .contains("runs by version of before")
                .contains("is on its way");
    }

    @Test
    void whatTheNodeRejectsIsSaidInItsWords() {
        try (FakeAgent agent = agent(Capability.CAPABILITY_READ_BACK)) {
            agent.answer(
                    agent.next(),
                    Rejection.newBuilder()
                            .setWorkloadId("pod/u-1")
                            .setReason("TooManyRules")
                            .setMessage("20 rules")
                            .build());
            Explanation explanation = explain(
                    agent, held -> held.addCgroups(HeldCgroup.newBuilder().setPath("/pod")));
            assertThat(explanation.getReason()).isEqualTo("node n rejects it: TooManyRules: 20 rules");
            var nack = InspectionGrpc.newBlockingStub(channel)
                    .listNodes(ListNodesRequest.getDefaultInstance())
                    .getNodes(0)
                    .getLastNack();
            assertThat(nack.getReason()).isEqualTo("TooManyRules");
            assertThat(nack.getAt()).isEqualTo("2026-06-01T12:00:00Z");
        }
    }

    @Test
    void aPodWithoutCgroupsIsNeitherRightNorWrong() {
        Explanation explanation = explain(UnaryOperator.identity());
        assertThat(explanation.getAgreement()).isEqualTo(Agreement.AGREEMENT_UNKNOWN);
        assertThat(explanation.getReason()).contains("no cgroup");
    }

    @Test
    void withoutAnAgentTheExplanationIsThereAllTheSame() {
        Explanation explanation = call();
        assertThat(explanation.getAgreement()).isEqualTo(Agreement.AGREEMENT_UNKNOWN);
        assertThat(explanation.getReason()).isEqualTo("no agent of node n is connected");
        assertThat(explanation.getFieldsList()).isNotEmpty();
    }

    @Test
    void anAgentOfTheFirstVersionIsNotAsked() {
        try (FakeAgent ignored = connected()) {
            Explanation explanation = call();
            assertThat(explanation.getReason())
                    .isEqualTo("the agent of node n (version of the test) does not know how to read its kernel back");
            assertThat(explanation.getNode().getLacksList()).containsExactly("READ_BACK", "STANDBY", "PROBES");
        }
    }

    @Test
    void anAgentThatLeavesBeforeItAnswersIsSaidToHave() {
        CompletableFuture<Explanation> explanation;
        try (FakeAgent agent = connected(Capability.CAPABILITY_READ_BACK)) {
            explanation = CompletableFuture.supplyAsync(this::call);
            agent.nextQuestion();
        }
        assertThat(explanation.join().getReason()).contains("left before it answered");
    }

    @Test
    void anAgentThatDoesNotAnswerIsNotWaitedForLong() {
        try (FakeAgent ignored = connected(Capability.CAPABILITY_READ_BACK)) {
            assertThat(call().getReason()).contains("did not answer within 3 s");
        }
    }

    @Test
    void wrongPodsAreSaidToBe() {
        assertThatThrownBy(() -> call("web-3"))
                .hasMessage("NOT_FOUND: namespace shop has no pod web-3; did you mean web-1 or web-2?");
        assertThatThrownBy(() -> call("web-2"))
                .hasMessageStartingWith("FAILED_PRECONDITION: pod web-2 of namespace shop is on no node");
        snapshot = Snapshot.NONE;
        assertThatThrownBy(() -> call("web-1")).hasMessageContaining("this operator is starting");
    }

    @Test
    void whoMayNotIsToldWhy() {
        access = (token, right) -> Optional.of(new Access.Denial.Forbidden("somebody may not " + right));
        assertThatThrownBy(() -> call("web-1"))
                .hasMessage("PERMISSION_DENIED: somebody may not get tracepolicies in namespace shop");
        var stub = InspectionGrpc.newBlockingStub(channel);
        assertThatThrownBy(() -> stub.listPolicies(ListPoliciesRequest.getDefaultInstance()))
                .hasMessage("PERMISSION_DENIED: somebody may not list tracepolicies of the whole cluster");
        assertThatThrownBy(() -> stub.listNodes(ListNodesRequest.getDefaultInstance()))
                .hasMessage("PERMISSION_DENIED: somebody may not list nodes of the whole cluster");
    }

    @Test
    void policiesAreCountedOnTheNodesConnectedHere() {
        var before = policies();
        assertThat(before.getDesired()).isEqualTo(1);
        assertThat(before.getProgrammed()).isZero();
        try (FakeAgent agent = connected(Capability.CAPABILITY_READ_BACK)) {
            explain(agent, UnaryOperator.identity()); // what was pushed before the question is acknowledged
            var after = policies();
            assertThat(after.getProgrammed()).isEqualTo(1);
            assertThat(after.getSampling()).isEqualTo("10%");
            assertThat(after.getPods()).isEqualTo(1);
        }
    }

    private PolicyState policies() {
        var stub = InspectionGrpc.newBlockingStub(channel);
        assertThat(stub.listPolicies(ListPoliciesRequest.newBuilder()
                                .setNamespace("elsewhere")
                                .build())
                        .getPoliciesList())
                .isEmpty();
        return stub.listPolicies(ListPoliciesRequest.getDefaultInstance()).getPolicies(0);
    }

    private FakeAgent agent(Capability... capabilities) {
        return new FakeAgent(server.port(), "n", "", capabilities);
    }

    /** One that has acknowledged, and so is known. */
    private FakeAgent connected(Capability... capabilities) {
        FakeAgent agent = agent(capabilities);
        agent.answer(agent.next());
        return agent;
    }

    /** With an agent that holds the current version and generation 2, and answers so. */
    private Explanation explain(UnaryOperator<HeldValues.Builder> answer) {
        try (FakeAgent agent = connected(Capability.CAPABILITY_READ_BACK)) {
            return explain(agent, answer);
        }
    }

    private Explanation explain(FakeAgent agent, UnaryOperator<HeldValues.Builder> answer) {
        CompletableFuture<Explanation> explanation = CompletableFuture.supplyAsync(this::call);
        ReadBack question = agent.nextQuestion();
        assertThat(question.getPodUid()).isEqualTo("u-1");
        agent.held(answer.apply(HeldValues.newBuilder()
                        .setId(question.getId())
                        .setLoaded(true)
                        .setGeneration(2)
                        .setVersion(snapshot.compilation().node("n").version()))
                .build());
        return explanation.join();
    }

    private Explanation call() {
        return call("web-1");
    }

    private Explanation call(String pod) {
        return InspectionGrpc.newBlockingStub(channel)
                .explain(ExplainRequest.newBuilder()
                        .setNamespace("shop")
                        .setPod(pod)
                        .build());
    }

    private TraceConfig config() {
        return snapshot.compilation().node("n").workloads().getFirst().config();
    }

    private static HeldCgroup cgroup(String path, TraceConfig config) {
        return HeldCgroup.newBuilder()
                .setPath(path)
                .setValue(HeldValue.newBuilder().setGeneration(2).setConfig(config))
                .build();
    }
}
