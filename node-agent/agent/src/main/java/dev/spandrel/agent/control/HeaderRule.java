package dev.spandrel.agent.control;

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
