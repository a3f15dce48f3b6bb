package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.crds.TracePolicySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After any sequence of changes it has what a full compilation makes of what is there, and says exactly what became another. */
final class RecompilerTest {
    private static final int STEPS = 60;
    private static final List<TracePolicySpec> SPECS = Stream.of(
                    "{}",
                    "{podSelector: {matchLabels: {app: a}}}",
                    "{podSelector: {matchLabels: {app: a}}, sampling: {percent: 1}}",
                    "{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}, roles: [Server]}",
                    "{sampling: {percent: 5, keep: {errors: false}}}",
                    "{sampling: {percent: 7}}",
                    "{enabled: false}",
                    "{podSelector: {matchLabels: {app: b}}, expiresAfter: 5m}",
                    "{sampling: {percent: 50}, expiresAfter: 9m}",
                    "{spans: {attributes: {requestHeaders: [x-a, x-b]}}}",
                    "{spans: {attributes: {allowedRequestHeaders: [x-a]}}}")
            .map(RecompilerTest::spec)
            .toList();

    static TracePolicySpec spec(String yaml) {
        return PolicyFiles.parse("spec", """
                        apiVersion: spandrel.dev/v1alpha1
                        kind: TracePolicy
                        metadata: {name: x}
                        spec: """ + " " + yaml, Instant.EPOCH)
                .policies()
                .getFirst()
                .spec();
    }

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isTheFullCompilationAfterAnyChanges(int seed) {
        new Run(new Random(seed), seed % 5 == 0 ? Scope.HOST : Scope.CLUSTER).steps();
    }

    private static final class Run {
        private final Random random;
        private final Scope scope;
        private final Recompiler recompiler;
        private final Map<String, Inventory.Entry> entries = new HashMap<>();
        private final Map<Policy.Key, Policy> policies = new HashMap<>();
        private Instant now = Instant.parse("2026-06-01T12:00:00Z");
        private Compilation last = Compilation.EMPTY;

        Run(Random random, Scope scope) {
            this.random = random;
            this.scope = scope;
            this.recompiler = new Recompiler(scope);
        }

        void steps() {
            for (int step = 0; step < STEPS; step++) {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    change();
                }
                Change change = recompiler.compile(policies.values(), now);
                Compilation full =
                        Compiler.compile(policies.values(), new Inventory(List.copyOf(entries.values())), scope, now);
                assertThat(change.compilation()).as("step %d", step).isEqualTo(full);
                assertThat(change.nodes()).isEqualTo(different(last.nodes(), full.nodes()));
                assertThat(change.nodes()).containsAll(different(messages(last), messages(full)));
                assertThat(recompiler.compile(policies.values(), now).compilation())
                        .as("what did not change is the same object")
                        .satisfies(again -> {
                            assertThat(again.nodes())
                                    .isSameAs(change.compilation().nodes());
                            assertThat(again.policies())
                                    .isSameAs(change.compilation().policies());
                        });
                assertThat(change.policies()).isEqualTo(different(last.policies(), full.policies()));
                last = full;
            }
        }

        private static Map<String, NodeConfig> messages(Compilation compilation) {
            return compilation.nodes().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, node -> node.getValue().config()));
        }

        private static <K> Set<K> different(Map<K, ?> before, Map<K, ?> after) {
            Set<K> keys = new HashSet<>(before.keySet());
            keys.addAll(after.keySet());
            keys.removeIf(key -> before.containsKey(key) && before.get(key).equals(after.get(key)));
            return keys;
        }

        private void change() {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    Inventory.Entry entry = entry();
                    entries.put(entry.id(), entry);
                    recompiler.put(entry);
                }
                case 4 -> {
                    String id = "pod/" + random.nextInt(30);
                    entries.remove(id);
                    recompiler.remove(id);
                }
                case 5, 6 -> {
                    Policy policy = policy();
                    policies.put(policy.key(), policy);
                }
                default -> {
                    if (random.nextBoolean()) {
                        now = now.plus(Duration.ofMinutes(random.nextInt(4)));
                    } else {
                        policies.remove(key());
                    }
                }
            }
        }

        private Inventory.Entry entry() {
            String id = Integer.toString(random.nextInt(30));
            Map<String, String> labels = new TreeMap<>(Map.of("app", one("a", "b", "c")));
            if (random.nextBoolean()) {
                labels.put("tier", "web");
            }
            return new Inventory.Other(
                    "pod/" + id,
                    one("n1", "n2", "n3"),
                    one("shop", "bank"),
                    new Inventory.Place.PodUid(id),
                    labels,
                    Map.of("k8s.pod.name", "p" + id),
                    random.nextBoolean() ? Map.of("c" + id, "main") : Map.of());
        }

        private Policy policy() {
            return new Policy(
                    key(),
                    Instant.EPOCH.plusSeconds(random.nextInt(4)),
                    now.minus(Duration.ofMinutes(random.nextInt(3))),
                    SPECS.get(random.nextInt(SPECS.size())));
        }

        private Policy.Key key() {
            return new Policy.Key(one("shop", "bank", "spandrel-system"), one("p", "q", "r"));
        }

        private String one(String... of) {
            return of[random.nextInt(of.length)];
        }
    }
}
