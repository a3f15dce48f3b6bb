package dev.spandrel.agent.export;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.util.List;
import java.util.Map;

/** Reads the standard OTEL_* variables. An exporter is on where someone named it or its endpoint; nothing is sent anywhere by default. */
public final class Destination {
    /** The specification's default. */
    private static final Map<String, String> DEFAULTS = Map.of("otel.exporter.otlp.protocol", "http/protobuf");

    private Destination() {}

    public static ConfigProperties environment() {
        return DefaultConfigProperties.create(DEFAULTS, new Components());
    }

    /** {@code signal}: traces, metrics, logs or profiles. */
    public static boolean isOtlp(ConfigProperties config, String signal) {
        if (config.getBoolean("otel.sdk.disabled", false)) {
            return false;
        }
        List<String> exporters = config.getList("otel." + signal + ".exporter");
        if (!exporters.isEmpty()) {
            return exporters.contains("otlp");
        }
        return config.getString("otel.exporter.otlp.endpoint") != null
                || config.getString("otel.exporter.otlp." + signal + ".endpoint") != null;
    }
}
