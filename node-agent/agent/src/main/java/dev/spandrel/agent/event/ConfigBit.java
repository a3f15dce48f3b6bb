package dev.spandrel.agent.event;

import java.util.Locale;

/** {@code enum sp_config_flag}, in its order: what the configuration asked for when a request began. */
public enum ConfigBit {
    ENABLED,
    METRICS,
    HONOR_PARENT,
    KEEP_ERRORS,
    CREATE_HEADER_PRESENT,
    TRACEPARENT_PRESENT,
    BY_CHANCE;

    public boolean in(int flags) {
        return (flags >>> ordinal() & 1) != 0;
    }

    /** Name of the C constant. */
    public String constant() {
        return "SP_CONFIG_" + name().toUpperCase(Locale.ROOT);
    }
}
