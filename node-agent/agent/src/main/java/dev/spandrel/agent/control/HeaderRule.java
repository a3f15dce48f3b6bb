package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** {@code struct header_rule}. An empty value stands for any. */
record HeaderRule(Action action, String name, String value) {
    static final int NAME_BYTES = 40;
    static final int VALUE_BYTES = 80;
    static final int SIZE = 8 + NAME_BYTES + VALUE_BYTES;

    /** {@code enum sp_rule_action}, in its order. */
    enum Action {
        NONE,
        PRESENT,
        MATCH
    }

    static HeaderRule decode(MemorySegment from) {
        int action = Byte.toUnsignedInt(from.get(JAVA_BYTE, 0));
        return new HeaderRule(
                action < Action.values().length ? Action.values()[action] : Action.NONE,
                text(from, 8, Math.min(Byte.toUnsignedInt(from.get(JAVA_BYTE, 1)), NAME_BYTES)),
                text(from, 8 + NAME_BYTES, Math.min(Byte.toUnsignedInt(from.get(JAVA_BYTE, 2)), VALUE_BYTES)));
    }

    private static String text(MemorySegment from, long at, int length) {
        return new String(from.asSlice(at, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }

    byte[] nameBytes() {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    byte[] valueBytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    boolean fits() {
        int nameLength = nameBytes().length;
        return nameLength > 0 && nameLength <= NAME_BYTES && valueBytes().length <= VALUE_BYTES;
    }
}
