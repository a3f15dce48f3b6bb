package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spandrel.agent.program.LayoutCheck;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.ebpf.BpfException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Does operations on a loaded sensor and reads back what the kernel then holds. */
final class KernelWriter {
    private KernelWriter() {}

    /** The layouts this half writes, against the object's own. */
    static List<String> differences(Sensor sensor) {
        var btf = sensor.btf();
        return Stream.of(
                        LayoutCheck.struct(btf, "trace_config", ConfigValue.LAYOUT),
                        LayoutCheck.struct(btf, "port_range", ConfigValue.PortRange.LAYOUT),
                        LayoutCheck.struct(btf, "header_rules", RuleSet.LAYOUT),
                        LayoutCheck.struct(btf, "header_rule", RuleSet.RULE_LAYOUT),
                        LayoutCheck.enumeration(btf, "sp_config_flag", ConfigFlag.constants()),
                        LayoutCheck.enumeration(
                                btf,
                                "sp_rule_action",
                                Map.of("SP_RULE_NONE", 0L, "SP_RULE_PRESENT", 1L, "SP_RULE_MATCH", 2L)))
                .flatMap(List::stream)
                .toList();
    }

    /** Cgroups that exist but do not hold what was written, each with the reason. */
    static Map<Cgroup, String> write(Sensor sensor, List<Operation> operations) {
        var failed = new LinkedHashMap<Cgroup, String>();
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(ConfigValue.SIZE, 8);
            var held = arena.allocate(ConfigValue.SIZE, 8);
            for (var operation : operations)
                switch (operation) {
                    case Operation.WriteRules rules -> writeRules(sensor, rules);
                    case Operation.WriteConfig config -> {
                        config.value().encode(value);
                        writeConfig(sensor, config.cgroup(), value, held)
                                .ifPresent(reason -> failed.put(config.cgroup(), reason));
                    }
                    case Operation.DeleteConfig(var cgroup) -> sensor.configs().delete(cgroup.directory(), cgroup.id());
                }
        }
        return failed;
    }

    private static Optional<String> writeConfig(Sensor sensor, Cgroup cgroup, MemorySegment value, MemorySegment held) {
        try {
            var exists = sensor.configs().write(cgroup.directory(), cgroup.id(), value, held);
            return exists && held.mismatch(value) >= 0
                    ? Optional.of("the kernel holds another value than was written")
                    : Optional.empty();
        } catch (BpfException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static void writeRules(Sensor sensor, Operation.WriteRules rules) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(RuleSet.SIZE, 8);
            rules.rules().encode(value);
            sensor.rules().update(arena.allocateFrom(JAVA_INT, rules.index()), value);
        }
    }
}
