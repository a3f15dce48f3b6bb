package dev.spandrel.agent;

import dev.spandrel.agent.control.Control;
import dev.spandrel.agent.event.ConfigBit;
import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.KernelCounter;
import dev.spandrel.agent.event.Layout;
import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.News;
import dev.spandrel.agent.event.Parent;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.program.LayoutCheck;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.contract.ProtocolNames;
import dev.spandrel.ebpf.Btf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Does the object say what both halves believe? Asked at start and in a test. */
final class Layouts {
    private Layouts() {}

    static List<String> differences(Sensor sensor) {
        List<String> differences = new ArrayList<>(Control.differences(sensor));
        differences.addAll(differences(sensor.btf()));
        return differences;
    }

    /** Of what the data half reads. */
    static List<String> differences(Btf btf) {
        List<String> differences = new ArrayList<>();
        Layout.STRUCTS.forEach((name, members) -> differences.addAll(LayoutCheck.struct(btf, name, members)));
        differences.addAll(LayoutCheck.enumeration(
                btf,
                "sp_protocol",
                ProtocolNames.known().stream()
                        .collect(Collectors.toMap(protocol -> "SP_PROTOCOL_" + ProtocolNames.name(protocol), protocol ->
                                (long) protocol.getNumber()))));
        differences.addAll(enumeration(btf, "sp_news", News.values(), news -> "SP_NEWS_" + news.name()));
        differences.addAll(LayoutCheck.enumeration(
                btf,
                "sp_config_flag",
                Arrays.stream(ConfigBit.values())
                        .collect(Collectors.toMap(ConfigBit::constant, bit -> 1L << bit.ordinal()))));
        differences.addAll(enumeration(btf, "sp_role", Role.values(), role -> "SP_ROLE_" + role.name()));
        differences.addAll(enumeration(btf, "sp_method", Method.values(), method -> "SP_METHOD_" + method.name()));
        differences.addAll(enumeration(btf, "sp_end", End.values(), end -> "SP_END_" + end.name()));
        differences.addAll(enumeration(btf, "sp_parent", Parent.values(), parent -> "SP_PARENT_" + parent.name()));
        differences.addAll(enumeration(btf, "sp_counter", KernelCounter.values(), KernelCounter::constant));
        return differences;
    }

    private static <E extends Enum<E>> List<String> enumeration(
            Btf btf, String name, E[] values, Function<E, String> constant) {
        Map<String, Long> numbers =
                Arrays.stream(values).collect(Collectors.toMap(constant, value -> (long) value.ordinal()));
        return LayoutCheck.enumeration(btf, name, numbers);
    }
}
