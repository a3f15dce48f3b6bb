package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.program.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real objects. The tree is not started, so whatever happens to new cgroups is the kernel's own doing. */
class SensorKernelIT {
    private ControlRig rig;

    void open(Backend backend) throws IOException {
        rig = ControlRig.real(backend);
        rig.control().apply(node(at(rig.path(""))), System.nanoTime()).join();
    }

    @AfterEach
    void close() throws IOException {
        if (rig != null) rig.close();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aNewCgroupHasItsParentsValueWhenMkdirReturns(Backend backend) throws Exception {
        open(backend);
        assertThat(rig.control().outcome().rejected()).isEmpty();
        var child = Files.createDirectory(rig.root().resolve("container"));
        var grandchild = Files.createDirectory(child.resolve("inner"));

        assertThat(rig.read(rig.root())).isPresent();
        assertThat(rig.read(child)).isEqualTo(rig.read(rig.root()));
        assertThat(rig.read(grandchild)).isEqualTo(rig.read(rig.root()));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void nothingIsTracedOfWhatIsMadeWhileOff(Backend backend) throws Exception {
        open(backend);
        var off = at(rig.path(""), config -> config.setEnabled(false));
        rig.control().apply(node(off), System.nanoTime()).join();

        assertThat(rig.sensors().current().orElseThrow().attached()).isFalse();
        // Detaching goes on behind the answer; until it is done a new cgroup has its parent's value, which says off.
        var container = Files.createDirectory(rig.root().resolve("container"));
        assertThat(rig.read(container).filter(ConfigValue::enabled)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theRingTheCountersAndTheFlushAreThere(Backend backend) throws Exception {
        open(backend);
        var sensor = rig.sensors().current().orElseThrow();

        assertThat(sensor.backend()).isEqualTo(backend.id());
        assertThat(sensor.requests().keySize()).isEqualTo(40);
        assertThat(sensor.counters().valueSize()).isEqualTo(8);
        assertThat(sensor.ring().capacity()).isPositive();
        sensor.flush(Duration.ofMillis(100));
    }
}
