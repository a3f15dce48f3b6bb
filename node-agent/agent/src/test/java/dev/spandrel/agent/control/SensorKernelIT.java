package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.KernelRung;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.SensorListener;
import dev.spandrel.agent.program.Sensors;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.ebpf.Cgroup2;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real objects. The tree is not started, so whatever happens to new cgroups is the kernel's own doing. */
class SensorKernelIT implements SensorListener {
    private final Path mount = Cgroup2.mount().orElse(Path.of("/"));
    private final Path root =
            mount.resolve("spandrel-sensor-" + ProcessHandle.current().pid());
    private Sensors sensors;
    private CgroupTree tree;
    private Control control;

    void open(Backend backend) throws IOException {
        var choice = KernelRung.require(backend);
        KernelRung.real(backend);
        Files.createDirectory(root);
        sensors = new Sensors(choice, this, Control::differences);
        tree = new CgroupTree(mount);
        control = new Control(sensors, tree, new WorkloadIndex(), InstantSource.system());
        control.apply(node(at("/" + mount.relativize(root))), System.nanoTime()).join();
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
    void aNewCgroupHasItsParentsValueWhenMkdirReturns(Backend backend) throws Exception {
        open(backend);
        assertThat(control.outcome().rejected()).isEmpty();
        var child = Files.createDirectory(root.resolve("container"));
        var grandchild = Files.createDirectory(child.resolve("inner"));

        assertThat(read(root)).isPresent();
        assertThat(read(child)).isEqualTo(read(root));
        assertThat(read(grandchild)).isEqualTo(read(root));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void nothingIsInheritedWhileDetached(Backend backend) throws Exception {
        open(backend);
        var off = at("/" + mount.relativize(root), config -> config.setEnabled(false));
        control.apply(node(off), System.nanoTime()).join();

        assertThat(sensors.current().orElseThrow().attached()).isFalse();
        assertThat(read(Files.createDirectory(root.resolve("container")))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theRingTheCountersAndTheFlushAreThere(Backend backend) throws Exception {
        open(backend);
        var sensor = sensors.current().orElseThrow();

        assertThat(sensor.backend()).isEqualTo(backend.id());
        assertThat(sensor.requests().keySize()).isEqualTo(32);
        assertThat(sensor.counters().valueSize()).isEqualTo(8);
        assertThat(sensor.ring().capacity()).isPositive();
        sensor.flush(Duration.ofMillis(100));
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

    @Override
    public void loaded(Sensor sensor) {}

    @Override
    public void unloading(Sensor sensor) {}
}
