package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.match;
import static dev.spandrel.agent.control.Workloads.node;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.KernelRung;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.SensorListener;
import dev.spandrel.agent.program.Sensors;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.ebpf.Cgroup2;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel holds, read back after each step; on a stub object, whose maps are those of the real ones. */
class ControlKernelIT implements SensorListener {
    private final Path mount = Cgroup2.mount().orElse(Path.of("/"));
    private final Path root =
            mount.resolve("spandrel-control-" + ProcessHandle.current().pid());
    private final WorkloadIndex index = new WorkloadIndex();
    private final List<String> life = new ArrayList<>();
    private Sensors sensors;
    private CgroupTree tree;
    private Control control;

    void open(Backend backend) throws IOException {
        var choice = KernelRung.require(backend);
        Files.createDirectory(root);
        sensors = new Sensors(choice, KernelRung::stub, this, Control::differences);
        tree = new CgroupTree(mount);
        control = new Control(sensors, tree, index, InstantSource.system());
        tree.start();
    }

    @AfterEach
    void close() throws IOException {
        if (control != null) control.close();
        if (tree != null) tree.close();
        if (!Files.exists(root)) return;
        try (var all = Files.walk(root)) {
            for (var path : all.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) Files.delete(path);
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void valuesRulesAndGenerationAreInTheKernel(Backend backend) throws Exception {
        open(backend);
        var web = make("web");
        make("web/worker");
        var other = make("other");

        var outcome = apply(at(path("web"), config -> config.addHeaders("b3").addMatch(match("x-debug", "1"))));

        assertThat(outcome.rejected()).isEmpty();
        assertThat(outcome.generation()).isEqualTo(1);
        assertThat(outcome.cgroups()).isEqualTo(2);
        var value = read(web).orElseThrow();
        assertThat(value.generation()).isEqualTo(1);
        assertThat(value.threshold()).isEqualTo(1L << 55);
        assertThat(rules(value.ruleSet()).rules())
                .hasSize(2)
                .contains(new HeaderRule(HeaderRule.Action.MATCH, "x-debug", "1"));
        assertThat(read(root.resolve("web/worker"))).contains(value);
        assertThat(read(other)).isEmpty();
        assertThat(index.byCgroup(Cgroup2.id(web).orElseThrow()).id()).isEqualTo("cgroup" + path("web"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anUpdateReplacesALiveValueUnderLook(Backend backend) throws Exception {
        open(backend);
        var web = make("web");
        apply(at(path("web")));

        var seen = new ArrayList<Long>();
        var stop = new AtomicBoolean();
        var watcher = Thread.ofPlatform().start(() -> {
            while (!stop.get()) seen.add(read(web).map(ConfigValue::threshold).orElse(-1L));
        });
        for (long i = 1; i <= 200; i++) {
            long threshold = i;
            apply(at(path("web"), config -> config.setThreshold(threshold)));
        }
        stop.set(true);
        watcher.join();

        assertThat(seen).isNotEmpty().doesNotContain(-1L, 0L);
        assertThat(read(web).orElseThrow().generation()).isEqualTo(201);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aCgroupMadeLaterGetsItsValueByAnEvent(Backend backend) throws Exception {
        open(backend);
        make("web");
        var outcome = apply(at(path("web")), at(path("later"), config -> config.setThreshold(9)));
        assertThat(outcome.waiting()).containsExactly("cgroup" + path("later"));

        var inside = Files.createDirectory(root.resolve("web/container"));
        var later = Files.createDirectory(root.resolve("later"));

        await(() -> read(inside).isPresent() && read(later).isPresent());
        assertThat(read(inside)).isEqualTo(read(root.resolve("web")));
        assertThat(read(later).orElseThrow().threshold()).isEqualTo(9);
        assertThat(index.byCgroup(Cgroup2.id(inside).orElseThrow())).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void newCgroupsAreFollowedByEventsNotByPolling(Backend backend) throws Exception {
        open(backend);
        make("web");
        apply(at(path("web")));

        var took = new ArrayList<Long>();
        for (int i = 0; i < 100; i++) {
            var made = Files.createDirectory(root.resolve("web/c" + i));
            long start = System.nanoTime();
            await(() -> read(made).isPresent());
            took.add((System.nanoTime() - start) / 1000);
        }
        took.sort(null);
        System.out.println(backend.id() + ": mkdir to value, 100 cgroups: p50 " + took.get(50) + " us, p99 "
                + took.get(98) + " us");
        assertThat(took.get(50)).isLessThan(100_000);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void programsAreAttachedDetachedAndUnloadedAsIsWanted(Backend backend) throws Exception {
        open(backend);
        var web = make("web");
        apply();
        assertThat(sensors.current()).isEmpty();

        apply(at(path("web")));
        var sensor = sensors.current().orElseThrow();
        var ids = sensor.programIds();
        assertThat(sensor.attached()).isTrue();
        assertThat(KernelRung.alive(ids.values().stream())).hasSameSizeAs(ids.values());

        apply(at(path("web"), config -> config.setEnabled(false)));
        assertThat(sensor.attached()).isFalse();
        assertThat(read(web).orElseThrow().enabled()).isFalse();

        apply(at(path("web")));
        assertThat(sensor.attached()).isTrue();
        assertThat(sensors.current().orElseThrow().programIds()).isEqualTo(ids);

        apply();
        assertThat(sensors.current()).isEmpty();
        // The kernel frees programs a grace period after their last reference.
        await(() -> KernelRung.alive(ids.values().stream()).isEmpty());
        assertThat(life).containsExactly("loaded", "unloading");
        assertThat(sensor.whileOpen(() -> life.add("used"))).isFalse();
        assertThat(life).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aRemovedWorkloadLosesItsValuesAndOthersKeepTheirs(Backend backend) throws Exception {
        open(backend);
        var web = make("web");
        var inside = make("web/container");
        var other = make("other");
        apply(at(path("web")), at(path("other")));
        apply(at(path("other")));

        assertThat(read(web)).isEmpty();
        assertThat(read(inside)).isEmpty();
        assertThat(read(other).orElseThrow().generation()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aRefusedWorkloadKeepsWhatItHadAndTheRestIsApplied(Backend backend) throws Exception {
        open(backend);
        var web = make("web");
        var other = make("other");
        apply(at(path("web"), config -> config.setThreshold(3)));

        var outcome = apply(at(path("web"), config -> config.addMatch(match("x".repeat(60), ""))), at(path("other")));

        assertThat(outcome.rejected())
                .singleElement()
                .extracting(Rejection::getReason)
                .isEqualTo("RuleTooLong");
        assertThat(read(web).orElseThrow().threshold()).isEqualTo(3);
        assertThat(read(other)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aPolicyEndsByItselfAndAsItWasSaidTo(Backend backend) throws Exception {
        open(backend);
        var web = make("web");
        long end = System.currentTimeMillis() + 100;
        var later = at(path("web"), config -> config.setThreshold(9)).getConfig();

        apply(at(path("web")).toBuilder()
                .addLater(Later.newBuilder().setAtUnixMillis(end).setConfig(later))
                .addLater(Later.newBuilder().setAtUnixMillis(end + 200))
                .build());

        await(() -> read(web).map(ConfigValue::threshold).orElse(0L) == 9);
        assertThat(read(web).orElseThrow().generation()).isEqualTo(2);
        await(() -> control.outcome().generation() == 3);
        assertThat(sensors.current()).isEmpty();
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(end + 200);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void standbyKeepsTheObjectLoadedAndNothingAttached(Backend backend) throws Exception {
        open(backend);
        control.standby(true);
        apply();
        assertThat(sensors.current().orElseThrow().attached()).isFalse();
        control.standby(false);
        apply();
        assertThat(sensors.current()).isEmpty();
    }

    private Outcome apply(Workload... workloads) {
        NodeConfig config = node(workloads);
        return control.apply(config, System.nanoTime()).join();
    }

    /** Known to the tree when this returns. */
    private Path make(String name) throws IOException {
        var made = Files.createDirectory(root.resolve(name));
        tree.find(path(name));
        return made;
    }

    private String path(String name) {
        return "/" + mount.relativize(root.resolve(name));
    }

    private Optional<ConfigValue> read(Path cgroup) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(ConfigValue.SIZE, 8);
            var found = sensors.current()
                    .orElseThrow()
                    .configs()
                    .read(cgroup, Cgroup2.id(cgroup).orElse(0L), value);
            return found ? Optional.of(Decoded.config(value)) : Optional.empty();
        }
    }

    private RuleSet rules(int index) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(RuleSet.SIZE, 8);
            sensors.current().orElseThrow().rules().lookup(arena.allocateFrom(JAVA_INT, index), value);
            return Decoded.rules(value);
        }
    }

    /** Bounded; for what another thread is about to do. */
    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 2_000_000_000L;
        while (!condition.getAsBoolean() && System.nanoTime() < end) LockSupport.parkNanos(200_000);
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Override
    public void loaded(Sensor sensor) {
        life.add("loaded");
    }

    @Override
    public void unloading(Sensor sensor) {
        sensor.flush(Duration.ofMillis(1));
        life.add("unloading");
    }
}
