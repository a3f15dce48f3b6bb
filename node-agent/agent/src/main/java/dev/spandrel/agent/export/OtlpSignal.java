package dev.spandrel.agent.export;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.util.Map;

/** What we encode ourselves, and where receivers take it. */
enum OtlpSignal {
    TRACES("traces", "v1/traces", "trace.v1.TraceService"),
    /** In development: names and numbers may change with the next version of the protocol. */
    PROFILES("profiles", "v1development/profiles", "profiles.v1development.ProfilesService");

    private final String id;
    private final String path;
    private final String service;

    OtlpSignal(String id, String path, String service) {
        this.id = id;
        this.path = path;
        this.service = service;
    }

    /** As the names of variables have it. */
    String id() {
        return id;
    }

    String call() {
        return "/opentelemetry.proto.collector." + service + "/Export";
    }

    String url(String base) {
        return base.endsWith("/") ? base + path : base + "/" + path;
    }

    String endpoint(ConfigProperties config, String port) {
        String own = config.getString(variable());
        return own != null ? own : config.getString("otel.exporter.otlp.endpoint", "http://localhost:" + port);
    }

    /** The SDK knows the paths of stable signals alone; the variable of one signal is taken as it is. */
    ConfigProperties overHttp(ConfigProperties config) {
        String base = config.getString("otel.exporter.otlp.endpoint");
        return this == TRACES || base == null || config.getString(variable()) != null
                ? config
                : ((DefaultConfigProperties) config).withOverrides(Map.of(variable(), url(base)));
    }

    private String variable() {
        return "otel.exporter.otlp." + id + ".endpoint";
    }
}
