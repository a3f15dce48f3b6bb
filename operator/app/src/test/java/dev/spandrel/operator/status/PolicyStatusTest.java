package dev.spandrel.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Kernel;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.crds.Condition;
import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicyStatus;
import dev.spandrel.operator.push.Configs;
import dev.spandrel.operator.push.KnownFields;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.Compiler;
import dev.spandrel.policy.Inventory;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyFiles;
import dev.spandrel.policy.PolicyResult;
import dev.spandrel.policy.Problem;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

final class PolicyStatusTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final NodeTarget CONFIG = Configs.of("a=1", "other=1");
    private static final NodeProgress DONE = progress(CONFIG, 0);

    private final Map<String, NodeProgress> progress = new HashMap<>();
    private final TracePolicy policy = new TracePolicy();
    private Duration sinceTarget = Duration.ofMinutes(1);
    private Duration sincePolicy = Duration.ofMinutes(1);

    PolicyStatusTest() {
        policy.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("p")
                .withGeneration(3L)
                .build());
    }

    @Test
    void programmedOnceEveryNodeAcknowledged() {
        progress.putAll(Map.of("n1", DONE, "n2", DONE));
        assertThat(lines(of(onNodes("n1", "n2"))))
                .containsExactly(
                        "Accepted True Accepted in force for all it selects",
                        "Programmed True Programmed in the kernels of all 2 nodes",
                        "Ready True Ready accepted and programmed");
        assertThat(of(onNodes("n1", "n2")).nodes())
                .isEqualTo(new TracePolicyStatus.Nodes(2, 2, 0, "2/2", null, 0, null));
        assertThat(of(onNodes("n1", "n2")).observedGeneration()).isEqualTo(3);
    }

    @Test
    void whatTheNodesLostAndRunOnIsSummedWithoutClaimingItForThePolicy() {
        Kernel kernel = Kernel.newBuilder().setBackend("socklen").build();
        progress.put(
                "n1",
                new NodeProgress(
                        Optional.of(CONFIG),
                        Map.of(),
                        Map.of("gap", 3L, "ring_full", 1L),
                        Set.of(),
                        KnownFields.ALL,
                        Optional.empty(),
                        kernel));
        progress.put(
                "n2",
                new NodeProgress(
                        Optional.of(CONFIG),
                        Map.of(),
                        Map.of("gap", 2L, "head", 0L),
                        Set.of(),
                        KnownFields.ALL,
                        Optional.empty(),
                        kernel));
        progress.put(
                "n3",
                new NodeProgress(
                        Optional.of(CONFIG),
                        Map.of(),
                        Map.of("gap", 0L),
                        Set.of(),
                        KnownFields.ALL,
                        Optional.empty(),
                        kernel));
        assertThat(of(onNodes("n1", "n2", "n3")).nodes())
                .isEqualTo(new TracePolicyStatus.Nodes(
                        3, 3, 0, "3/3", Map.of("socklen", 3), 2, Map.of("gap", 5L, "ring_full", 1L)));
        assertThat(of(onNodes("n1")).sampling()).isEqualTo("10%");
    }

    @Test
    void nodesThatHaveNotAnsweredAreNamed() {
        progress.putAll(Map.of("n1", DONE, "n2", progress(Configs.of("a=7"), 0), "n3", absent()));
        assertThat(programmed(onNodes("n1", "n2", "n3")))
                .isEqualTo(
                        "Programmed False NodesPending 1 of 3 nodes acknowledged; waiting for n2; no agent is connected on n3");
    }

    @Test
    void otherWorkloadsOfANodeDoNotCount() {
        progress.put("n1", progress(Configs.of("a=1", "other=5"), 0));
        assertThat(programmed(onNodes("n1"))).startsWith("Programmed True");
    }

    @Test
    void aRejectionIsToldWithTheNodesWords() {
        Rejection rejection = Rejection.newBuilder()
                .setWorkloadId("a")
                .setReason("UnsupportedKernel")
                .setMessage("5.10 is too old")
                .build();
        progress.putAll(Map.of(
                "n1",
                DONE,
                "n2",
                new NodeProgress(
                        Optional.of(CONFIG),
                        Map.of("a", rejection),
                        Map.of(),
                        Set.of(),
                        KnownFields.ALL,
                        Optional.empty(),
                        Kernel.getDefaultInstance())));
        assertThat(programmed(onNodes("n1", "n2")))
                .isEqualTo(
                        "Programmed False Rejected rejected by 1 of 2 nodes: n2: UnsupportedKernel: 5.10 is too old");
        assertThat(of(onNodes("n1", "n2")).nodes())
                .isEqualTo(new TracePolicyStatus.Nodes(2, 1, 1, "1/2", null, 0, null));
    }

    @Test
    void whatAKernelHadLostIsNotProgrammedUntilItIsSeenToStay() {
        NodeProgress drifted = new NodeProgress(
                Optional.of(CONFIG),
                Map.of(),
                Map.of(),
                Set.of("a"),
                KnownFields.ALL,
                Optional.empty(),
                Kernel.getDefaultInstance());
        progress.putAll(Map.of("n1", DONE, "n2", drifted));
        assertThat(programmed(onNodes("n1", "n2")))
                .isEqualTo(
                        "Programmed False Drifted the kernels of 1 of 2 nodes had lost it: n2; it was written anew, and is "
                                + "being watched");
        assertThat(of(onNodes("n1", "n2")).nodes().summary()).isEqualTo("1/2");
        progress.put(
                "n2",
                new NodeProgress(
                        Optional.of(CONFIG),
                        Map.of(),
                        Map.of(),
                        Set.of("another policy's"),
                        KnownFields.ALL,
                        Optional.empty(),
                        Kernel.getDefaultInstance()));
        assertThat(programmed(onNodes("n1", "n2"))).startsWith("Programmed True");
    }

    @Test
    void whatComesByItselfIsReconcilingAndWhatDoesNotIsStalled() {
        progress.put("n1", absent());
        assertThat(lines(of(onNodes("n1"))))
                .last()
                .asString()
                .startsWith("Reconciling True NodesPending 0 of 1 nodes acknowledged");
        Rejection rejection = Rejection.newBuilder()
                .setWorkloadId("a")
                .setReason("TooManyRules")
                .build();
        progress.put(
                "n1",
                new NodeProgress(
                        Optional.of(CONFIG),
                        Map.of("a", rejection),
                        Map.of(),
                        Set.of("a"),
                        KnownFields.ALL,
                        Optional.empty(),
                        Kernel.getDefaultInstance()));
        assertThat(lines(of(onNodes("n1")))).last().asString().startsWith("Stalled True Rejected");
    }

    @Test
    void whatAnOldAgentDoesNotKnowIsNamed() {
        progress.put(
                "n1",
                new NodeProgress(
                        Optional.of(CONFIG),
                        Map.of(),
                        Map.of(),
                        Set.of(),
                        new KnownFields(Set.of(1), Set.of(1)),
                        Optional.empty(),
                        Kernel.getDefaultInstance()));
        assertThat(programmed(onNodes("n1")))
                .isEqualTo("Programmed False AgentTooOld the agents of 1 of 1 nodes are too old: n1 does not know "
                        + "threshold; the rest is in their kernels");
        assertThat(lines(of(onNodes("n1")))).last().asString().startsWith("Stalled True AgentTooOld");
    }

    @Test
    void whereNothingIsSelectedNothingIsLeftToDo() {
        assertThat(programmed(onNodes())).startsWith("Programmed True NothingSelected");
    }

    @Test
    void anInvalidSpecSaysWhichRuleItBreaks() {
        PolicyResult result = new PolicyResult(
                List.of(new Problem("spec.sampling.percent", "percent must be between 0 and 100")),
                Optional.empty(),
                0,
                TreePMap.empty(),
                new TreeMap<>(),
                new TreeMap<>(),
                "",
                "");
        assertThat(lines(of(result)))
                .containsExactly(
                        "Accepted False Invalid spec.sampling.percent: percent must be between 0 and 100",
                        "Programmed False NotAccepted not accepted",
                        "Ready False NotReady see Accepted",
                        "Stalled True Invalid spec.sampling.percent: percent must be between 0 and 100");
    }

    @Test
    void aPolicyOfWhichNothingHoldsIsNotAccepted() {
        PolicyResult result = new PolicyResult(
                List.of(), Optional.empty(), 2, TreePMap.empty(), conflicts(2), new TreeMap<>(), "", "");
        assertThat(lines(of(result)))
                .containsExactly(
                        "Accepted False Conflicted older policies of the same width set all that it sets, see Conflicted",
                        "Programmed False NotAccepted not accepted",
                        "Ready False NotReady see Accepted",
                        "Conflicted True OlderWins shop/older wins on 2 pods: roles, sampling.percent",
                        "Stalled True Conflicted older policies of the same width set all that it sets, see Conflicted");
    }

    @Test
    void aPolicyThatLosesSomeFieldsIsAcceptedAndSaysWhich() {
        progress.put("n1", DONE);
        PolicyResult lone = onNodes("n1");
        PolicyResult result = new PolicyResult(
                List.of(), Optional.empty(), 2, lone.inForce(), conflicts(1), new TreeMap<>(), "10%", "hash");
        assertThat(lines(of(result)))
                .containsExactly(
                        "Accepted True Accepted in force but for what Conflicted names",
                        "Programmed True Programmed in the kernel of 1 node",
                        "Ready True Ready accepted and programmed",
                        "Conflicted True OlderWins shop/older wins on 1 pod: roles, sampling.percent");
    }

    @Test
    void headersThatTheClusterLevelDoesNotAllowAreNamed() {
        progress.put("n1", DONE);
        PolicyResult result = new PolicyResult(
                List.of(),
                Optional.empty(),
                1,
                onNodes("n1").inForce(),
                new TreeMap<>(),
                new TreeMap<>(Map.of(new Policy.Key("root", "fence"), new TreeSet<>(Set.of("x-user", "x-mail")))),
                "10%",
                "hash");
        assertThat(lines(of(result)).getFirst())
                .isEqualTo(
                        "Accepted True Fenced in force, but these headers are not captured: x-mail, x-user (not allowed by root/fence)");
    }

    @Test
    void aPolicyWhoseTimeIsOverHasNothingLeftToDo() {
        PolicyResult result = new PolicyResult(
                List.of(),
                Optional.of(new PolicyResult.Expiry(NOON.minusSeconds(1), true)),
                0,
                TreePMap.empty(),
                new TreeMap<>(),
                new TreeMap<>(),
                "",
                "");
        assertThat(lines(of(result)))
                .containsExactly(
                        "Accepted True Expired ended by itself at 2026-06-01T11:59:59Z, as expiresAfter says",
                        "Programmed True Expired there is nothing left to do",
                        "Ready True Expired there is nothing left to do",
                        "Expired True Expired ended by itself at 2026-06-01T11:59:59Z, as expiresAfter says; change it to start it again");
        assertThat(of(result).expiresAt()).isEqualTo("2026-06-01T11:59:59Z");
    }

    private static TreeMap<Policy.Key, PolicyResult.Conflict> conflicts(int pods) {
        return new TreeMap<>(Map.of(
                new Policy.Key("shop", "older"),
                new PolicyResult.Conflict(pods, new TreeSet<>(Set.of("sampling.percent", "roles")))));
    }

    @Test
    void anAnswerThatMayComeAnyMomentIsWaitedFor() {
        sinceTarget = Duration.ofMillis(50);
        sincePolicy = Duration.ofMillis(50);
        progress.put("n1", progress(Configs.of("a=7"), 0));
        assertThat(verdict(onNodes("n1"))).isEqualTo(new Verdict.Wait(Duration.ofMillis(100)));
    }

    @Test
    void anAgentThatJustLeftIsBelievedWhatItAcknowledgedForAWhile() {
        progress.put("n1", progress(CONFIG, Duration.ofSeconds(1).toNanos()));
        assertThat(programmed(onNodes("n1"))).startsWith("Programmed True");
        progress.put("n1", progress(CONFIG, Duration.ofSeconds(20).toNanos()));
        assertThat(programmed(onNodes("n1"))).endsWith("no agent is connected on n1");
    }

    @Test
    void timeOfTransitionStaysWhileTheStatusDoes() {
        progress.put("n1", DONE);
        policy.setStatus(of(onNodes("n1")));
        progress.put("n2", absent());
        List<Condition> later = ((Verdict.Say) PolicyStatus.of(
                        policy, onNodes("n1", "n2"), compilation(), progress::get, since(), NOON.plusSeconds(60)))
                .status()
                .conditions();
        assertThat(later)
                .extracting(Condition::lastTransitionTime)
                .containsExactly(
                        "2026-06-01T12:00:00Z", "2026-06-01T12:01:00Z", "2026-06-01T12:01:00Z", "2026-06-01T12:01:00Z");
    }

    /** Pods come and go all the time: one that is on its way is no news of the policy. */
    @Test
    void aNodeThatIsAboutToAcknowledgeOneMorePodIsBelieved() {
        sinceTarget = Duration.ofMillis(50);
        progress.put("n1", progress(Configs.of("a=7"), 0));
        Verdict.Say soon = (Verdict.Say) verdict(onNodes("n1"));
        assertThat(lines(soon.status()).get(1)).startsWith("Programmed True");
        assertThat(soon.again()).contains(Duration.ofMillis(100));
        sinceTarget = Duration.ofMillis(151);
        assertThat(programmed(onNodes("n1"))).startsWith("Programmed False NodesPending");
    }

    /** Whatever is on its way: what of this policy holds there is what is to hold. */
    @Test
    void anotherPolicysChangeOnTheSamePodIsNoneOfItsOwn() {
        NodeTarget before = shared("{sampling: {percent: 10}}", "{sampling: {maxSpansPerSecond: 1}}");
        NodeTarget now = shared("{sampling: {percent: 10}}", "{sampling: {maxSpansPerSecond: 2}}");
        assertThat(before.version()).isNotEqualTo(now.version());
        assertThat(programmed(before, now)).startsWith("Programmed True");
        assertThat(programmed(shared("{sampling: {percent: 20}}", "{sampling: {maxSpansPerSecond: 1}}"), now))
                .startsWith("Programmed False NodesPending");
        assertThat(programmed(shared("{}", "{sampling: {maxSpansPerSecond: 2}}"), now))
                .startsWith("Programmed False NodesPending");
        assertThat(programmed(NodeTarget.NOTHING, now)).startsWith("Programmed False NodesPending");
    }

    private String programmed(NodeTarget held, NodeTarget target) {
        PolicyResult result = onNodes("n1");
        Compilation compilation = Compilation.of(new TreeMap<>(Map.of("n1", target)), new TreeMap<>());
        Verdict verdict = PolicyStatus.of(policy, result, compilation, _ -> progress(held, 0), since(), NOON);
        return lines(((Verdict.Say) verdict).status()).get(1);
    }

    /** A pod that shop/p and another one of its Kubernetes namespace select. */
    private static NodeTarget shared(String own, String other) {
        String yaml =
                "{apiVersion: spandrel.dev/v1alpha1, kind: TracePolicy, metadata: {name: %s, namespace: shop}, spec: %s}";
        List<Policy> policies = Stream.of(yaml.formatted("p", own), yaml.formatted("q", other))
                .flatMap(text -> PolicyFiles.parse("x", text, Instant.EPOCH).policies().stream())
                .toList();
        Inventory.Entry pod =
                new Inventory.Other("a", "n1", "shop", new Inventory.Place.PodUid("a"), Map.of(), Map.of(), Map.of());
        return Compiler.compile(policies, new Inventory(List.of(pod)), Scope.CLUSTER, NOON)
                .node("n1");
    }

    private PolicyStatus.Since since() {
        return new PolicyStatus.Since() {
            @Override
            public Duration node(String name) {
                return sinceTarget;
            }

            @Override
            public Duration policy() {
                return sincePolicy;
            }
        };
    }

    private Verdict verdict(PolicyResult result) {
        return PolicyStatus.of(policy, result, compilation(), progress::get, since(), NOON);
    }

    private TracePolicyStatus of(PolicyResult result) {
        return ((Verdict.Say) verdict(result)).status();
    }

    private String programmed(PolicyResult result) {
        return lines(of(result)).get(1);
    }

    private static List<String> lines(TracePolicyStatus status) {
        return status.conditions().stream()
                .map(condition -> condition.type() + " " + condition.status() + " " + condition.reason() + " "
                        + condition.message())
                .toList();
    }

    private static PolicyResult onNodes(String... nodes) {
        TreeMap<String, Set<String>> inForce = new TreeMap<>();
        for (String node : nodes) {
            inForce.put(node, Set.of("a"));
        }
        return new PolicyResult(
                List.of(),
                Optional.empty(),
                nodes.length,
                TreePMap.from(inForce),
                new TreeMap<>(),
                new TreeMap<>(),
                "10%",
                "hash");
    }

    private static Compilation compilation() {
        return Compilation.of(new TreeMap<>(Map.of("n1", CONFIG, "n2", CONFIG, "n3", CONFIG)), new TreeMap<>());
    }

    private static NodeProgress progress(NodeTarget acknowledged, long disconnectedNanos) {
        return new NodeProgress(
                Optional.of(acknowledged),
                Map.of(),
                Map.of(),
                Set.of(),
                KnownFields.ALL,
                disconnectedNanos == 0 ? Optional.empty() : Optional.of(disconnectedNanos),
                Kernel.getDefaultInstance());
    }

    private static NodeProgress absent() {
        return new NodeProgress(
                Optional.empty(),
                Map.of(),
                Map.of(),
                Set.of(),
                KnownFields.ALL,
                Optional.of(Duration.ofHours(1).toNanos()),
                Kernel.getDefaultInstance());
    }
}
