package dev.spandrel.agent;

import dev.spandrel.agent.export.Destination;
import dev.spandrel.agent.export.JsonLines;
import dev.spandrel.agent.export.OtlpReceiver;
import dev.spandrel.agent.export.Receiver;
import io.opentelemetry.exporter.otlp.internal.OtlpLogRecordExporterProvider;
import io.opentelemetry.exporter.otlp.internal.OtlpMetricExporterProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.util.Optional;

/** Where spans, metrics, log records and profiles go, from the command line and the environment. */
record Outputs(
        Optional<Receiver> spans,
        Duration spanAge,
        Duration spanTimeout,
        Optional<MetricExporter> metrics,
        Duration metricInterval,
        Optional<LogRecordExporter> logs,
        Duration logDelay,
        Duration logTimeout,
        Optional<Receiver> profiles) {
    private static final Duration JSON_AGE = Duration.ofMillis(100);

    static Outputs of(Options options) {
        ConfigProperties environment = Destination.environment();
        boolean json = options.json();
        return new Outputs(
                spans(json, environment),
                json ? JSON_AGE : environment.getDuration("otel.bsp.schedule.delay", Duration.ofSeconds(1)),
                environment.getDuration(
                        "otel.exporter.otlp.traces.timeout",
                        environment.getDuration("otel.exporter.otlp.timeout", Duration.ofSeconds(10))),
                Destination.isOtlp(environment, "metrics")
                        ? Optional.of(new OtlpMetricExporterProvider().createExporter(environment))
                        : Optional.empty(),
                environment.getDuration("otel.metric.export.interval", Duration.ofSeconds(60)),
                Destination.isOtlp(environment, "logs")
                        ? Optional.of(new OtlpLogRecordExporterProvider().createExporter(environment))
                        : Optional.empty(),
                environment.getDuration("otel.blrp.schedule.delay", Duration.ofSeconds(1)),
                environment.getDuration(
                        "otel.exporter.otlp.logs.timeout",
                        environment.getDuration("otel.exporter.otlp.timeout", Duration.ofSeconds(10))),
                Destination.isOtlp(environment, "profiles")
                        ? Optional.of(OtlpReceiver.ofProfiles(environment))
                        : Optional.empty());
    }

    private static Optional<Receiver> spans(boolean json, ConfigProperties environment) {
        if (json) {
            return Optional.of(new JsonLines(new FileOutputStream(FileDescriptor.out)));
        }
        return Destination.isOtlp(environment, "traces") ? Optional.of(OtlpReceiver.of(environment)) : Optional.empty();
    }

    String description() {
        return spans.map(to -> "spans go out as " + to.description())
                .orElse("spans go nowhere (set OTEL_EXPORTER_OTLP_ENDPOINT or --output jsonl)");
    }
}
