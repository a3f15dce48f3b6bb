package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.match;
import static dev.spandrel.agent.control.Workloads.node;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.ConfigMap;
import dev.spandrel.agent.program.KernelRung;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.SensorListener;
import dev.spandrel.contract.v1.HeldCgroup;
import dev.spandrel.contract.v1.HeldValue;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.ReadBack;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.ebpf.Cgroup2;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel holds, read back after each step; on a stub object, whose maps are those of the real ones. */
class ControlKernelIT implements SensorListener {
    private final List<String> life = new ArrayList<>();
    private ControlRig rig;

    void open(Backend backend) throws IOException {
        rig = ControlRig.stub(backend, this);
    }

    @AfterEach
    void close() throws IOException {
        if (rig != null) rig.close();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void valuesRulesAndGenerationAreInTheKernel(Backend backend) throws Exception {
        open(backend);
        var web = rig.make("web");
        rig.make("web/worker");
        var other = rig.make("other");

        var outcome =
                apply(at(rig.path("web"), config -> config.addHeaders("b3").addMatch(match("x-debug", "1"))));

        assertThat(outcome.rejected()).isEmpty();
        assertThat(outcome.generation()).isEqualTo(1);
        assertThat(outcome.cgroups()).isEqualTo(2);
        var value = rig.read(web).orElseThrow();
        assertThat(value.generation()).isEqualTo(1);
        assertThat(value.threshold()).isEqualTo(1L << 55);
        assertThat(rules(value.ruleSet()).rules())
                .hasSize(2)
                .contains(new HeaderRule(HeaderRule.Action.MATCH, "x-debug", "1"));
        assertThat(rig.read(rig.root().resolve("web/worker"))).contains(value);
        assertThat(rig.read(other)).isEmpty();
        assertThat(rig.index().byCgroup(Cgroup2.id(web).orElseThrow()).id()).isEqualTo("cgroup" + rig.path("web"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatAPodsCgroupsHoldIsReadBack(Backend backend) throws Exception {
        open(backend);
        var uid = UUID.randomUUID().toString();
        var pod = rig.make("pod" + uid);
        rig.make("pod" + uid + "/container");
        var wanted = Workloads.pod(uid).toBuilder()
                .setConfig(Workloads.config().addMatch(match("x-debug", "1")).addRequestHeaderAttributes("x-tenant"))
                .build();
        var outcome = apply(wanted);

        var held = readBack(uid);
        assertThat(held.getProblem()).isEmpty();
        assertThat(held.getLoaded()).isTrue();
        assertThat(held.getVersion()).isEqualTo(outcome.version());
        assertThat(held.getGeneration()).isEqualTo(1);
        assertThat(held.getCgroupsList())
                .extracting(HeldCgroup::getPath)
                .containsExactly(rig.path("pod" + uid), rig.path("pod" + uid + "/container"));
        assertThat(held.getCgroupsList())
                .extracting(HeldCgroup::getValue)
                .containsOnly(HeldValue.newBuilder()
                        .setGeneration(1)
                        .setConfig(wanted.getConfig())
                        .build());

        overwrite(pod, 52, (byte) 1);
        assertThat(readBack(uid).getCgroups(0).getValue().getForeign())
                .as("in the padding")
                .isNotEmpty();
        overwrite(pod, 46, (byte) 7);
        var changed = readBack(uid).getCgroups(0).getValue().getConfig();
        assertThat(changed.getServerErrorFrom()).isNotEqualTo(wanted.getConfig().getServerErrorFrom());

        sensorConfigs().delete(pod, Cgroup2.id(pod).orElseThrow());
        assertThat(readBack(uid).getCgroups(0).hasValue()).isFalse();
        assertThat(readBack(UUID.randomUUID().toString()).getCgroupsList())
                .as("of another pod")
                .isEmpty();
    }

    private HeldValues readBack(String uid) {
        return rig.control()
                .readBack(ReadBack.newBuilder().setId("1").setPodUid(uid).build())
                .join();
    }

    private ConfigMap sensorConfigs() {
        return rig.sensors().current().orElseThrow().configs();
    }

    private void overwrite(Path cgroup, long at, byte with) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(ConfigValue.SIZE, 8);
            long id = Cgroup2.id(cgroup).orElseThrow();
            assertThat(sensorConfigs().read(cgroup, id, value)).isTrue();
            value.set(JAVA_BYTE, at, with);
            assertThat(sensorConfigs().write(cgroup, id, value, arena.allocate(ConfigValue.SIZE, 8)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anUpdateReplacesALiveValueUnderLook(Backend backend) throws Exception {
        open(backend);
        var web = rig.make("web");
        apply(at(rig.path("web")));

        var seen = new ArrayList<Long>();
        var stop = new AtomicBoolean();
        var watcher = Thread.ofPlatform().start(() -> {
            while (!stop.get())
                seen.add(rig.read(web).map(ConfigValue::threshold).orElse(-1L));
        });
        for (long i = 1; i <= 200; i++) {
            long threshold = i;
            apply(at(rig.path("web"), config -> config.setThreshold(threshold)));
        }
        stop.set(true);
        watcher.join();

        assertThat(seen).isNotEmpty().doesNotContain(-1L, 0L);
        assertThat(rig.read(web).orElseThrow().generation()).isEqualTo(201);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aCgroupMadeLaterGetsItsValueByAnEvent(Backend backend) throws Exception {
        open(backend);
        rig.make("web");
        var outcome = apply(at(rig.path("web")), at(rig.path("later"), config -> config.setThreshold(9)));
        assertThat(outcome.waiting()).containsExactly("cgroup" + rig.path("later"));

        var inside = Files.createDirectory(rig.root().resolve("web/container"));
        var later = Files.createDirectory(rig.root().resolve("later"));

        await(() -> rig.read(inside).isPresent() && rig.read(later).isPresent());
        assertThat(rig.read(inside)).isEqualTo(rig.read(rig.root().resolve("web")));
        assertThat(rig.read(later).orElseThrow().threshold()).isEqualTo(9);
        assertThat(rig.index().byCgroup(Cgroup2.id(inside).orElseThrow())).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void newCgroupsAreFollowedByEventsNotByPolling(Backend backend) throws Exception {
        open(backend);
        rig.make("web");
        apply(at(rig.path("web")));

        var took = new ArrayList<Long>();
        for (int i = 0; i < 100; i++) {
            var made = Files.createDirectory(rig.root().resolve("web/c" + i));
            long start = System.nanoTime();
            await(() -> rig.read(made).isPresent());
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
        var web = rig.make("web");
        apply();
        assertThat(rig.sensors().current()).isEmpty();

        apply(at(rig.path("web")));
        var sensor = rig.sensors().current().orElseThrow();
        var ids = sensor.programIds();
        assertThat(sensor.attached()).isTrue();
        assertThat(KernelRung.alive(ids.values().stream())).hasSameSizeAs(ids.values());

        apply(at(rig.path("web"), config -> config.setEnabled(false)));
        assertThat(sensor.attached()).isFalse();
        assertThat(rig.read(web).orElseThrow().enabled()).isFalse();

        apply(at(rig.path("web")));
        assertThat(sensor.attached()).isTrue();
        assertThat(rig.sensors().current().orElseThrow().programIds()).isEqualTo(ids);

        apply();
        assertThat(rig.sensors().current()).isEmpty();
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
        var web = rig.make("web");
        var inside = rig.make("web/container");
        var other = rig.make("other");
        apply(at(rig.path("web")), at(rig.path("other")));
        apply(at(rig.path("other")));

        assertThat(rig.read(web)).isEmpty();
        assertThat(rig.read(inside)).isEmpty();
        assertThat(rig.read(other).orElseThrow().generation()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aRefusedWorkloadKeepsWhatItHadAndTheRestIsApplied(Backend backend) throws Exception {
        open(backend);
        var web = rig.make("web");
        var other = rig.make("other");
        apply(at(rig.path("web"), config -> config.setThreshold(3)));

        var outcome =
                apply(at(rig.path("web"), config -> config.addMatch(match("x".repeat(60), ""))), at(rig.path("other")));

        assertThat(outcome.rejected())
                .singleElement()
                .extracting(Rejection::getReason)
                .isEqualTo("RuleTooLong");
        assertThat(rig.read(web).orElseThrow().threshold()).isEqualTo(3);
        assertThat(rig.read(other)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aPolicyEndsByItselfAndAsItWasSaidTo(Backend backend) throws Exception {
        open(backend);
        var web = rig.make("web");
        long end = System.currentTimeMillis() + 100;
        var later = at(rig.path("web"), config -> config.setThreshold(9)).getConfig();

        apply(at(rig.path("web")).toBuilder()
                .addLater(Later.newBuilder().setAtUnixMillis(end).setConfig(later))
                .addLater(Later.newBuilder().setAtUnixMillis(end + 200))
                .build());

        await(() -> rig.read(web).map(ConfigValue::threshold).orElse(0L) == 9);
        assertThat(rig.read(web).orElseThrow().generation()).isEqualTo(2);
        await(() -> rig.control().outcome().generation() == 3);
        assertThat(rig.sensors().current()).isEmpty();
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(end + 200);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void standbyKeepsTheObjectLoadedAndNothingAttached(Backend backend) throws Exception {
        open(backend);
        rig.control().standby(true);
        apply();
        assertThat(rig.sensors().current().orElseThrow().attached()).isFalse();
        rig.control().standby(false);
        apply();
        assertThat(rig.sensors().current()).isEmpty();
    }

    private Outcome apply(Workload... workloads) {
        NodeConfig config = node(workloads);
        return rig.control().apply(config, System.nanoTime()).join();
    }

    private RuleSet rules(int index) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(RuleSet.SIZE, 8);
            rig.sensors().current().orElseThrow().rules().lookup(arena.allocateFrom(JAVA_INT, index), value);
            return RuleSet.decode(value);
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
