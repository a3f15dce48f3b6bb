package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code struct header_rules}: the rules of one or more workloads, shared by all that have the same. */
record RuleSet(List<HeaderRule> rules) {
    static final int MAX_RULES = 16;
    static final int SIZE = 8 + MAX_RULES * HeaderRule.SIZE;
    static final RuleSet EMPTY = new RuleSet(List.of());

    static final Map<String, Integer> LAYOUT = Map.of("count", 0, "rule", 8, "", SIZE);
    static final Map<String, Integer> RULE_LAYOUT =
            Map.of("action", 0, "name_len", 1, "value_len", 2, "name", 8, "value", 48, "", HeaderRule.SIZE);

    RuleSet {
        rules = List.copyOf(rules);
    }

    /** As the kernel gives it back; any bytes can be read. */
    static RuleSet decode(MemorySegment from) {
        int count = Math.clamp(from.get(JAVA_INT, 0), 0, MAX_RULES);
        return new RuleSet(IntStream.range(0, count)
                .mapToObj(i -> from.asSlice(8 + (long) i * HeaderRule.SIZE, HeaderRule.SIZE))
                .map(HeaderRule::decode)
                .toList());
    }

    void encode(MemorySegment to) {
        to.fill((byte) 0);
        to.set(JAVA_INT, 0, rules.size());
        long at = 8;
        for (var rule : rules) {
            var name = rule.nameBytes();
            var value = rule.valueBytes();
            to.set(JAVA_BYTE, at, (byte) rule.action().ordinal());
            to.set(JAVA_BYTE, at + 1, (byte) name.length);
            to.set(JAVA_BYTE, at + 2, (byte) value.length);
            MemorySegment.copy(name, 0, to, JAVA_BYTE, at + 8, name.length);
            MemorySegment.copy(value, 0, to, JAVA_BYTE, at + 48, value.length);
            at += HeaderRule.SIZE;
        }
    }
}
