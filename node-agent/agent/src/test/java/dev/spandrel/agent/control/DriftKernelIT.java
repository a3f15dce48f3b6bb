package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.match;
import static dev.spandrel.agent.control.Workloads.node;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.ConfigMap;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.ebpf.Cgroup2;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Map values taken away, changed and added behind the agent's back, through the ebpf library; on a stub object with the real ones' maps. */
class DriftKernelIT {
    private ControlRig rig;

    @AfterEach
    void close() throws IOException {
        if (rig != null) rig.close();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatIsAsItWasWrittenIsNoDrift(Backend backend) throws Exception {
        rig = ControlRig.stub(backend);
        rig.make("other");
        var web = rig.make("web");
        assertThat(check()).as("nothing is loaded").isEqualTo(DriftFigures.NONE);
        apply(at(rig.path("web"), config -> config.addMatch(match("x-debug", "1"))));
        assertThat(check()).isEqualTo(DriftFigures.NONE);
        Files.delete(web);
        assertThat(check()).as("a cgroup that went, noticed or not").isEqualTo(DriftFigures.NONE);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void emptiedMapsAreFilledAgainAndWatched(Backend backend) throws Exception {
        rig = ControlRig.stub(backend);
        var web = rig.make("web");
        var inside = rig.make("web/container");
        var other = rig.make("other");
        apply(at(rig.path("web")), at(rig.path("other")));
        var before = rig.read(web);

        configs().delete(web, id(web));
        configs().delete(inside, id(inside));
        assertThat(rig.read(web)).isEmpty();
        assertThat(check()).isEqualTo(new DriftFigures(2, Set.of("cgroup" + rig.path("web"))));
        assertThat(rig.read(web)).isEqualTo(before).isPresent();
        assertThat(rig.read(inside)).isEqualTo(before);

        assertThat(check().workloads()).as("it stayed").isEmpty();
        configs().delete(other, id(other));
        assertThat(check().found()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aChangedValueAndAChangedRuleSetAreDriftToo(Backend backend) throws Exception {
        rig = ControlRig.stub(backend);
        var web = rig.make("web");
        apply(at(rig.path("web"), config -> config.addMatch(match("x-debug", "1"))));
        var before = rig.read(web).orElseThrow();
        put(web, before.withGeneration(77));
        assertThat(check().workloads()).containsExactly("cgroup" + rig.path("web"));
        assertThat(rig.read(web)).contains(before);

        try (var arena = Arena.ofConfined()) {
            var rules = rig.sensors().current().orElseThrow().rules();
            var index = arena.allocateFrom(JAVA_INT, before.ruleSet());
            var held = arena.allocate(RuleSet.SIZE, 8);
            rules.update(index, arena.allocate(RuleSet.SIZE, 8));
            assertThat(check().workloads()).containsExactly("cgroup" + rig.path("web"));
            rules.lookup(index, held);
            assertThat(RuleSet.decode(held).rules()).hasSize(1);
        }
        assertThat(check().workloads()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aValueThatNobodyWroteIsTakenAway(Backend backend) throws Exception {
        rig = ControlRig.stub(backend);
        var web = rig.make("web");
        var other = rig.make("other");
        apply(at(rig.path("web")));
        put(other, rig.read(web).orElseThrow());
        assertThat(check().found()).isEqualTo(1);
        assertThat(rig.read(other)).isEmpty();
    }

    private DriftFigures check() {
        return rig.control().checkDrift().join();
    }

    private void apply(Workload... workloads) {
        rig.control().apply(node(workloads), System.nanoTime()).join();
    }

    private ConfigMap configs() {
        return rig.sensors().current().orElseThrow().configs();
    }

    private void put(Path cgroup, ConfigValue value) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocate(ConfigValue.SIZE, 8);
            value.encode(bytes);
            configs().write(cgroup, id(cgroup), bytes, arena.allocate(ConfigValue.SIZE, 8));
        }
    }

    private static long id(Path cgroup) {
        return Cgroup2.id(cgroup).orElseThrow();
    }
}
