package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spandrel.agent.program.LayoutCheck;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.ebpf.BpfException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Does operations on a loaded sensor and reads back what the kernel then holds. */
final class KernelWriter {
    private KernelWriter() {}

    /** The layouts this half writes, against the object's own. */
    static List<String> differences(Sensor sensor) {
        var btf = sensor.btf();
        return Stream.of(
                        LayoutCheck.struct(btf, "trace_config", ConfigValue.LAYOUT),
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
        var written = new ArrayList<Operation.WriteConfig>();
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(ConfigValue.SIZE, 8);
            for (var operation : operations)
                switch (operation) {
                    case Operation.WriteRules rules -> writeRules(sensor, rules);
                    case Operation.WriteConfig config -> {
                        config.value().encode(value);
                        try {
                            if (sensor.configs()
                                    .write(
                                            config.cgroup().directory(),
                                            config.cgroup().id(),
                                            value)) written.add(config);
                        } catch (BpfException e) {
                            failed.put(config.cgroup(), e.getMessage());
                        }
                    }
                    case Operation.DeleteConfig(var cgroup) -> sensor.configs().delete(cgroup.directory(), cgroup.id());
                }
            for (var config : written) {
                var cgroup = config.cgroup();
                if (sensor.configs().read(cgroup.directory(), cgroup.id(), value)
                        && !ConfigValue.decode(value).equals(config.value()))
                    failed.put(cgroup, "the kernel holds another value than was written");
            }
        }
        return failed;
    }

    private static void writeRules(Sensor sensor, Operation.WriteRules rules) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(RuleSet.SIZE, 8);
            rules.rules().encode(value);
            sensor.rules().update(arena.allocateFrom(JAVA_INT, rules.index()), value);
        }
    }
}
