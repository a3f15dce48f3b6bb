package dev.spandrel.policy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How the cost of a compilation grows with pods and policies: a Markdown table, for {@code ./dev bench fleet}. */
final class CompileCost {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final int NAMESPACES = 100;
    private static final int APPS = 20;
    private static final int PER_NODE = 20;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int pods;
    private final int count;
    private final Recompiler recompiler = new Recompiler(Scope.CLUSTER);
    /** Another list if, and only if, a policy is another one: as the operator has them. */
    private List<Policy> policies = List.of();

    private CompileCost(int pods, int count) {
        this.pods = pods;
        this.count = count;
    }

    public static void main(String... arguments) {
        System.out.println(
                "| pods | policies | everything, ms | one pod, µs | one policy of a namespace, µs | … per pod it selects, µs "
                        + "| one policy on every node, ms | … per pod it selects, µs |\n|---|---|---|---|---|---|---|---|");
        new CompileCost(10_000, 100).row(false); // for the JVM to see what is worth compiling
        for (int pods : new int[] {1_000, 10_000, 100_000}) {
            for (int count : new int[] {10, 100, 500}) {
                new CompileCost(pods, count).row(true);
            }
        }
    }

    private void row(boolean shown) {
        for (int i = 0; i < pods; i++) {
            recompiler.put(pod(i, 0));
        }
        policies = Stream.concat(IntStream.range(0, count).mapToObj(i -> narrow(i, 0)), Stream.of(wide(0)))
                .collect(Collectors.toUnmodifiableList());
        double all = millis(1, _ -> recompiler.compile(policies, NOW));
        double pod = millis(200, i -> {
            recompiler.put(pod(i % (pods / PER_NODE), i + 1)); // one that a policy selects
            return recompiler.compile(policies, NOW);
        });
        double one = millis(100, i -> {
            set(0, narrow(0, i + 1));
            return recompiler.compile(policies, NOW);
        });
        double every = millis(5, i -> {
            set(count, wide(i + 1));
            return recompiler.compile(policies, NOW);
        });
        if (shown) {
            System.out.printf(
                    "| %,d | %,d | %,.0f | %,.0f | %,.0f | %,.1f | %,.1f | %,.1f |%n",
                    pods,
                    count + 1,
                    all,
                    pod * 1000,
                    one * 1000,
                    one * 1000 / Math.max(1, pods / NAMESPACES / APPS),
                    every,
                    every * 1000 / Math.max(1, pods / PER_NODE));
        }
    }

    private void set(int index, Policy policy) {
        List<Policy> others = new ArrayList<>(policies);
        others.set(index, policy);
        policies = List.copyOf(others);
    }

    /** The median, of this thread's processor time: what else the machine does is not in it. */
    private static double millis(int times, IntFunction<Change> change) {
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            long begin = THREADS.getCurrentThreadCpuTime();
            if (change.apply(i).nodes().isEmpty()) {
                throw new AssertionError("nothing changed");
            }
            took.add(THREADS.getCurrentThreadCpuTime() - begin);
        }
        Collections.sort(took);
        return took.get(took.size() / 2) / 1e6;
    }

    private Inventory.Entry pod(int i, int start) {
        String name = "app-" + i % APPS + "-6d5f8c7b9-" + i;
        return new Pod(
                "fleet-" + i / APPS % NAMESPACES,
                name,
                Pod.id("uid-" + i),
                "node-" + i % Math.max(1, pods / PER_NODE),
                Map.of("app", "app-" + i % APPS, "wide", i < pods / PER_NODE ? "yes" : "no"),
                Map.of(),
                Optional.empty(),
                List.of(new Container("main", Optional.of("container-" + i + "-" + start))));
    }

    private static Policy narrow(int i, int change) {
        return policy(
                new Policy.Key("fleet-" + i % NAMESPACES, "policy-" + i),
                "{podSelector: {matchLabels: {app: app-%d}}, sampling: {maxSpansPerSecond: %d}}"
                        .formatted(i / NAMESPACES, change + 1));
    }

    private static Policy wide(int change) {
        return policy(
                new Policy.Key("spandrel-system", "wide"),
                "{podSelector: {matchLabels: {wide: 'yes'}}, sampling: {percent: %d}}".formatted(change + 1));
    }

    private static Policy policy(Policy.Key key, String spec) {
        return new Policy(key, Instant.EPOCH, Instant.EPOCH, RecompilerTest.spec(spec));
    }
}
