package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.stream.IntStream;

/** Map values as the kernel gives them back. */
final class Decoded {
    private Decoded() {}

    static ConfigValue config(MemorySegment from) {
        return new ConfigValue(
                from.get(JAVA_LONG, 0),
                from.get(JAVA_LONG, 8),
                from.get(JAVA_LONG, 16),
                from.get(JAVA_INT, 24),
                from.get(JAVA_INT, 28),
                from.get(JAVA_INT, 32),
                from.get(JAVA_INT, 36),
                Short.toUnsignedInt(from.get(JAVA_SHORT, 40)),
                Short.toUnsignedInt(from.get(JAVA_SHORT, 42)),
                Short.toUnsignedInt(from.get(JAVA_SHORT, 44)),
                Short.toUnsignedInt(from.get(JAVA_SHORT, 46)),
                Short.toUnsignedInt(from.get(JAVA_SHORT, 48)),
                Byte.toUnsignedInt(from.get(JAVA_BYTE, 50)),
                IntStream.range(0, from.get(JAVA_BYTE, 51))
                        .mapToObj(i -> new ConfigValue.PortRange(
                                Short.toUnsignedInt(from.get(JAVA_SHORT, 56 + 4L * i)),
                                Short.toUnsignedInt(from.get(JAVA_SHORT, 58 + 4L * i))))
                        .toList());
    }

    static RuleSet rules(MemorySegment from) {
        var rules = new ArrayList<HeaderRule>();
        for (int i = 0; i < from.get(JAVA_INT, 0); i++) {
            long at = 8 + (long) i * HeaderRule.SIZE;
            rules.add(new HeaderRule(
                    HeaderRule.Action.values()[from.get(JAVA_BYTE, at)],
                    string(from, at + 8, from.get(JAVA_BYTE, at + 1)),
                    string(from, at + 48, from.get(JAVA_BYTE, at + 2))));
        }
        return new RuleSet(rules);
    }

    private static String string(MemorySegment from, long at, int length) {
        return new String(from.asSlice(at, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
