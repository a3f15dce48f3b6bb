package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.PodSelector;
import dev.spandrel.crds.Probe;
import dev.spandrel.crds.ProbeSetSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After any sequence of changes probe sets are placed as if all was compiled anew, and targets are what they would be. */
final class ProbeSetsFollowTest {
    private static final int STEPS = 60;
    private static final List<PodSelector> SELECTORS =
            List.of(new PodSelector(null, null), new PodSelector(Map.of("app", "a"), null));

    private Random random;
    private Instant now = Instant.parse("2026-06-01T12:00:00Z");
    private final ProbeSets follows = new ProbeSets(Scope.CLUSTER);
    private final Map<String, Inventory.Entry> entries = new HashMap<>();
    private final Map<String, Map<String, String>> nodes = new HashMap<>();
    private final Map<Policy.Key, ProbeSetInput> sets = new HashMap<>();
    private final Set<String> changed = new HashSet<>();

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isTheFullCompilationAfterAnyChanges(int seed) {
        random = new Random(seed);
        ProbeCompilation last = ProbeCompilation.EMPTY;
        Recompiler traced = new Recompiler(Scope.CLUSTER);
        Compilation targets = Compilation.EMPTY;
        for (int step = 0; step < STEPS; step++) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                change();
            }
            ProbeCompilation full = ProbeSets.compile(sets.values(), entries.values(), nodes, Scope.CLUSTER, now);
            ProbeCompilation followed = follows.compile(
                    sets.values(),
                    changed,
                    entries::get,
                    () -> entries.values().stream(),
                    () -> Map.copyOf(nodes),
                    now);
            assertThat(followed).as("step %d", step).isEqualTo(full);
            for (String id : changed) {
                Inventory.Entry entry = entries.get(id);
                if (entry == null) traced.remove(id);
                else traced.put(entry);
            }
            changed.clear();
            Change change = traced.compile(List.of(), now);
            Change into = followed.into(change, last, targets);
            assertThat(into.compilation().nodes())
                    .isEqualTo(full.into(change, last, Compilation.EMPTY)
                            .compilation()
                            .nodes());
            targets = into.compilation();
            last = followed;
        }
    }

    private void change() {
        switch (random.nextInt(9)) {
            case 0, 1, 2, 3 -> put(entry());
            case 4 -> {
                String id = "pod/" + random.nextInt(30);
                entries.remove(id);
                changed.add(id);
            }
            case 5, 6 -> {
                ProbeSetInput set = set();
                sets.put(set.key(), set);
            }
            case 7 -> nodes.put(one("n1", "n2", "n3"), random.nextBoolean() ? Map.of("app", "a") : Map.of());
            default -> {
                if (random.nextBoolean()) now = now.plus(Duration.ofMinutes(random.nextInt(4)));
                else sets.remove(key());
            }
        }
    }

    private void put(Inventory.Entry entry) {
        entries.put(entry.id(), entry);
        changed.add(entry.id());
    }

    private Inventory.Entry entry() {
        String id = Integer.toString(random.nextInt(30));
        return new Inventory.Other(
                "pod/" + id,
                one("n1", "n2", "n3", "n4"),
                one("shop", "bank"),
                new Inventory.Place.PodUid(id),
                new TreeMap<>(Map.of("app", one("a", "b"))),
                Map.of("k8s.pod.name", "p" + id),
                random.nextBoolean() ? Map.of("c" + id, "main") : Map.of());
    }

    private ProbeSetInput set() {
        Policy.Key key = key();
        boolean root = key.namespace().equals("spandrel-system");
        String program = random.nextInt(8) == 0 ? "BEGIN {" : "BEGIN { @ = %d; }".formatted(random.nextInt(3));
        return new ProbeSetInput(
                key,
                now.minus(Duration.ofMinutes(random.nextInt(3))),
                new ProbeSetSpec(
                        random.nextInt(3) == 0 ? null : SELECTORS.get(random.nextInt(2)),
                        root && random.nextBoolean() ? SELECTORS.get(random.nextInt(2)) : null,
                        List.of(new Probe("one", program, null, null, null, null)),
                        random.nextInt(8) != 0,
                        random.nextInt(3) == 0 ? "5m" : null),
                "",
                new TreeMap<>());
    }

    private Policy.Key key() {
        return new Policy.Key(one("shop", "shop-b", "bank", "spandrel-system"), one("p", "q"));
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }
}
