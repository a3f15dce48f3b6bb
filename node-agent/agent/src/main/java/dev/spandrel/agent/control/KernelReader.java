package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.Sensors;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.agent.workload.Placement;
import dev.spandrel.contract.v1.HeldCgroup;
import dev.spandrel.contract.v1.HeldValue;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.ReadBack;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.ebpf.BpfException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads from the kernel what it holds for a pod; from the agent itself come only names that the kernel knows by number, or not at all.
 *
 * @param tree all cgroups there are
 * @param applied what the agent believes the kernel holds
 */
record KernelReader(Sensors sensors, Collection<Cgroup> tree, Applied applied, Numbers<String> policies) {
    /** Without version and generation. */
    HeldValues read(ReadBack question) {
        var held = HeldValues.newBuilder().setId(question.getId());
        var pod = Workload.newBuilder().setPodUid(question.getPodUid()).build();
        var root = new Placement(tree).of(pod);
        try {
            sensors.current().ifPresent(_ -> held.setLoaded(true));
            tree.stream()
                    .filter(cgroup -> root.filter(top -> isWithin(cgroup, top)).isPresent())
                    .sorted((one, other) -> one.path().compareTo(other.path()))
                    .forEach(cgroup -> held.addCgroups(read(cgroup)));
        } catch (BpfException e) {
            held.clearCgroups().setProblem(String.valueOf(e.getMessage()));
        }
        return held.build();
    }

    private static boolean isWithin(Cgroup cgroup, Cgroup top) {
        return cgroup.path().equals(top.path()) || cgroup.path().startsWith(top.path() + "/");
    }

    private HeldCgroup read(Cgroup cgroup) {
        var held = HeldCgroup.newBuilder().setPath(cgroup.path());
        sensors.current().flatMap(sensor -> value(sensor, cgroup)).ifPresent(held::setValue);
        return held.build();
    }

    private Optional<HeldValue> value(Sensor sensor, Cgroup cgroup) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocate(ConfigValue.SIZE, 8);
            return sensor.configs().read(cgroup.directory(), cgroup.id(), bytes)
                    ? Optional.of(value(cgroup, bytes, rules(sensor, bytes)))
                    : Optional.empty();
        }
    }

    private static RuleSet rules(Sensor sensor, MemorySegment config) {
        try (var arena = Arena.ofConfined()) {
            int index = ConfigValue.decode(config).ruleSet();
            var value = arena.allocate(RuleSet.SIZE, 8);
            return index != 0 && sensor.rules().lookup(arena.allocateFrom(JAVA_INT, index), value)
                    ? RuleSet.decode(value)
                    : RuleSet.EMPTY;
        }
    }

    private HeldValue value(Cgroup cgroup, MemorySegment bytes, RuleSet rules) {
        var value = ConfigValue.decode(bytes);
        var target = applied.targets().get(cgroup.id());
        List<String> headers = target == null ? List.of() : target.selected().requestHeaderAttributes();
        var config = InverseTranslation.config(value, rules, policy(value.policy()), headers);
        var held = HeldValue.newBuilder().setGeneration(value.generation()).setConfig(config);
        if (!isOurs(value, config, rules, bytes)) held.setForeign(HexFormat.of().formatHex(bytes.toArray(JAVA_BYTE)));
        return held.build();
    }

    private String policy(int number) {
        return policies.byThing().entrySet().stream()
                .filter(named -> named.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("#" + number);
    }

    /** Is this config written as these bytes? */
    private static boolean isOurs(ConfigValue value, TraceConfig config, RuleSet rules, MemorySegment bytes) {
        try (var arena = Arena.ofConfined()) {
            var again = arena.allocate(ConfigValue.SIZE, 8);
            Translation.value(config, value.policy(), value.ruleSet())
                    .withGeneration(value.generation())
                    .encode(again);
            return again.mismatch(bytes) < 0 && Translation.rules(config).equals(rules);
        }
    }
}
