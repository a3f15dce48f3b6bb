package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.crds.Sampling;
import dev.spandrel.crds.TracePolicySpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompilerTest {
    private static final Inventory COMMON =
            InventoryYaml.read(Golden.read(Path.of("src/test/resources/compile/common.inventory.yaml")));

    @RepeatedTest(20)
    void orderOfPoliciesAndPodsDoesNotMatter(RepetitionInfo repetition) {
        List<Policy> policies = new ArrayList<>(Golden.in("compile", ".policy.yaml").stream()
                .flatMap(file ->
                        PolicyFiles.parse(file.toString(), Golden.read(file), Instant.EPOCH).policies().stream())
                .collect(Collectors.toMap(Policy::key, policy -> policy, (first, _) -> first))
                .values());
        List<Inventory.Entry> entries = new ArrayList<>(COMMON.entries());
        Compilation expected = Compiler.compile(policies, COMMON, Scope.CLUSTER, Instant.EPOCH);

        Random random = new Random(repetition.getCurrentRepetition());
        Collections.shuffle(policies, random);
        Collections.shuffle(entries, random);
        Compilation shuffled = Compiler.compile(policies, new Inventory(entries), Scope.CLUSTER, Instant.EPOCH);

        assertThat(shuffled).isEqualTo(expected);
        expected.nodes()
                .forEach((node, target) -> assertThat(
                                Digest.bytes(shuffled.node(node).config()))
                        .isEqualTo(Digest.bytes(target.config())));
    }

    @Test
    void versionIsTheHashOfTheContent() {
        Workload a = Workload.newBuilder()
                .setId("a")
                .setPodUid("1")
                .putAttributes("x", "y")
                .putContainers("0", "main")
                .build();
        List<Workload> others = List.of(
                a.toBuilder().setId("b").build(),
                a.toBuilder().setCgroupPath("/1").build(),
                a.toBuilder().putAttributes("x", "z").build(),
                a.toBuilder().clearContainers().build(),
                a.toBuilder()
                        .setConfig(TraceConfig.newBuilder().setEnabled(true))
                        .build(),
                a.toBuilder().addLater(Later.newBuilder().setAtUnixMillis(1)).build());

        assertThat(version(a)).hasSize(32).isEqualTo(version(a));
        assertThat(others)
                .extracting(CompilerTest::version)
                .doesNotHaveDuplicates()
                .doesNotContain(version(a));
        assertThat(NodeTarget.NOTHING.version()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb924");
    }

    private static String version(Workload workload) {
        NodeTarget target = NodeTarget.of(List.of(PlannedWorkload.of(workload)));
        assertThat(target.config().getWorkloadsList())
                .containsExactly(
                        workload.toBuilder().setConfig(workload.getConfig()).build());
        return target.version();
    }

    @ParameterizedTest
    @CsvSource({
        "100, 0",
        "0, 72057594037927936",
        "50, 36028797018963968",
        "1, 71337018097548657",
        "0.0001, 72057521980333898",
        "33.3333, 48038420044483303"
    })
    void shareOfTracesBecomesAThreshold(double percent, long threshold) {
        assertThat(Effective.threshold(percent)).isEqualTo(threshold);
    }

    @Test
    void aSpecThatBreaksARuleIsInForceNowhereAndSaysWhy() {
        Sampling sampling = new Sampling(250.0, null, null, null, null);
        Policy broken = new Policy(
                new Policy.Key("shop", "broken"),
                Instant.EPOCH,
                Instant.EPOCH,
                new TracePolicySpec(
                        null,
                        null,
                        List.of("HTTPS"),
                        Collections.singletonList(null),
                        null,
                        sampling,
                        null,
                        null,
                        null));

        Compilation compilation = Compiler.compile(List.of(broken), COMMON, Scope.CLUSTER, Instant.EPOCH);

        assertThat(compilation.policies().get(broken.key()).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "spec.protocols[0]: \"HTTPS\" is not known here; did you mean HTTP?",
                        "spec.roles[0]: is empty, or a word that this version does not know",
                        "spec.sampling.percent: percent must be between 0 and 100");
        assertThat(compilation.nodes().values())
                .allMatch(node -> node.workloads().isEmpty());
    }

    @Test
    void outsideTheRootNamespaceAPolicyNeverReachesAnotherNamespace() {
        List<Policy> policies = Golden.in("compile", ".policy.yaml").stream()
                .flatMap(file ->
                        PolicyFiles.parse(file.toString(), Golden.read(file), Instant.EPOCH).policies().stream())
                .map(policy -> new Policy(
                        new Policy.Key(
                                policy.key().namespace(), policy.key().name() + "-" + System.identityHashCode(policy)),
                        policy.created(),
                        policy.changed(),
                        policy.spec()))
                .toList();
        Map<String, String> namespaces =
                COMMON.entries().stream().collect(Collectors.toMap(Inventory.Entry::id, Inventory.Entry::namespace));

        Compilation compilation = Compiler.compile(policies, COMMON, new Scope.Cluster("elsewhere"), Instant.EPOCH);

        assertThat(compilation.policies().values()).anyMatch(result -> result.workloads() > 0);
        compilation
                .policies()
                .forEach((key, result) -> result.inForce()
                        .values()
                        .forEach(ids -> assertThat(ids)
                                .allMatch(id -> namespaces.get(id).equals(key.namespace()))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {}                                                              | 100%
                {sampling: {percent: 0.0125}}                                   | 0.0125%
                {sampling: {percent: 0}}                                        | 0%
                {enabled: false}                                                | off
                {spans: {create: Never}}                                        | no spans
                {podSelector: {matchLabels: {app: front}}, sampling: {percent: 50}} | 50%
                """)
    void theEffectiveShareIsSaid(String spec, String expected) {
        String yaml =
                "{apiVersion: spandrel.dev/v1alpha1, kind: TracePolicy, metadata: {name: x, namespace: blog}, spec: %s}";
        List<Policy> policies =
                PolicyFiles.parse("x", yaml.formatted(spec), Instant.EPOCH).policies();
        assertThat(Compiler.compile(policies, COMMON, Scope.CLUSTER, Instant.EPOCH)
                        .policies()
                        .firstEntry()
                        .getValue()
                        .sampling())
                .isEqualTo(expected);
    }

    @Test
    void aNodeThatTheInventoryDoesNotNameHasNothingToDo() {
        assertThat(Compilation.EMPTY.node("unheard-of")).isEqualTo(NodeTarget.NOTHING);
    }
}
