package dev.spandrel.agent.control;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code enum sp_config_flag}, in its order. */
enum ConfigFlag {
    ENABLED,
    METRICS,
    HONOR_PARENT,
    KEEP_ERRORS,
    CREATE_HEADER_PRESENT,
    TRACEPARENT_PRESENT,
    BY_CHANCE;

    int bit() {
        return 1 << ordinal();
    }

    /** C constant → value. */
    static Map<String, Long> constants() {
        return Arrays.stream(values())
                .collect(Collectors.toMap(flag -> "SP_CONFIG_" + flag, flag -> (long) flag.bit()));
    }
}
