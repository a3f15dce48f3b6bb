package dev.spandrel.agent.control;

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
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;

/** The control half on this kernel, without the rest of the agent, and a cgroup of the test's own for it to work on. */
public record ControlRig(Path mount, Path root, WorkloadIndex index, Sensors sensors, CgroupTree tree, Control control)
        implements AutoCloseable {
    private static final SensorListener NOBODY = new SensorListener() {
        @Override
        public void loaded(Sensor sensor) {}

        @Override
        public void unloading(Sensor sensor) {}
    };

    /** With a stub, whose maps are those of the real object; new cgroups are followed. */
    public static ControlRig stub(Backend backend) throws IOException {
        return stub(backend, NOBODY);
    }

    static ControlRig stub(Backend backend, SensorListener listener) throws IOException {
        ControlRig rig = open(backend, KernelRung.stub(backend), listener);
        rig.tree.start();
        return rig;
    }

    /** With the real object. The tree is not started, so whatever happens to new cgroups is the kernel's own doing. */
    static ControlRig real(Backend backend) throws IOException {
        return open(backend, KernelRung.real(backend), NOBODY);
    }

    private static ControlRig open(Backend backend, byte[] object, SensorListener listener) throws IOException {
        Backend.Choice choice = KernelRung.require(backend);
        Path mount = Cgroup2.mount().orElseThrow();
        Path root = Files.createDirectory(
                mount.resolve("spandrel-control-" + ProcessHandle.current().pid()));
        WorkloadIndex index = new WorkloadIndex();
        Sensors sensors = new Sensors(choice, any -> object, listener, Control::differences);
        CgroupTree tree = new CgroupTree(mount);
        Control control = new Control(sensors, tree, index, InstantSource.system());
        return new ControlRig(mount, root, index, sensors, tree, control);
    }

    /** Known to the tree when this returns. */
    Path make(String name) throws IOException {
        Path made = Files.createDirectory(root.resolve(name));
        tree.find(path(name));
        return made;
    }

    /** As a node config names it: below the mount. */
    String path(String name) {
        return "/" + mount.relativize(root.resolve(name));
    }

    /** What the kernel holds for this cgroup. */
    Optional<ConfigValue> read(Path cgroup) {
        try (Arena arena = Arena.ofConfined()) {
            var value = arena.allocate(ConfigValue.SIZE, 8);
            boolean found = sensors.current()
                    .orElseThrow()
                    .configs()
                    .read(cgroup, Cgroup2.id(cgroup).orElse(0L), value);
            return found ? Optional.of(ConfigValue.decode(value)) : Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        control.close();
        tree.close();
        try (var all = Files.walk(root)) {
            for (Path path : all.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(path);
            }
        }
    }
}
