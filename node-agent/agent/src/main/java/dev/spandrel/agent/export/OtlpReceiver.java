package dev.spandrel.agent.export;

import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.exporter.internal.grpc.GrpcExporter;
import io.opentelemetry.exporter.internal.grpc.GrpcExporterBuilder;
import io.opentelemetry.exporter.internal.http.HttpExporter;
import io.opentelemetry.exporter.internal.http.HttpExporterBuilder;
import io.opentelemetry.exporter.otlp.internal.OtlpConfigUtil;
import io.opentelemetry.exporter.otlp.internal.OtlpUserAgent;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.internal.StandardComponentId.ExporterType;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * OTLP over HTTP or gRPC by the SDK's exporters, configured by the standard variables: endpoint, protocol, headers, compression, timeout, certificates. Only
 * the repeating is ours, because the SDK's gives up after a few attempts.
 */
public final class OtlpReceiver implements Receiver {
    private static final Set<Integer> HTTP_RETRIES = Set.of(429, 502, 503, 504);
    /** CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS. */
    private static final Set<Integer> GRPC_RETRIES = Set.of(1, 4, 8, 10, 11, 14, 15);

    private final BiFunction<EncodedRequest, Integer, CompletableResultCode> export;
    private final Supplier<CompletableResultCode> shutdown;
    private final String description;

    private OtlpReceiver(
            BiFunction<EncodedRequest, Integer, CompletableResultCode> export,
            Supplier<CompletableResultCode> shutdown,
            String description) {
        this.export = export;
        this.shutdown = shutdown;
        this.description = description;
    }

    /** Of spans. Throws {@link io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException}, whose message names the variable. */
    public static OtlpReceiver of(ConfigProperties config) {
        return of(OtlpSignal.TRACES, config);
    }

    /** Of profiles, a signal in development; configured by the same variables, with PROFILES in place of TRACES. */
    public static OtlpReceiver ofProfiles(ConfigProperties config) {
        return of(OtlpSignal.PROFILES, config);
    }

    private static OtlpReceiver of(OtlpSignal signal, ConfigProperties config) {
        String protocol = OtlpConfigUtil.getOtlpProtocol(signal.id(), config);
        return protocol.equals(OtlpConfigUtil.PROTOCOL_GRPC) ? grpc(signal, config) : http(signal, config);
    }

    private static OtlpReceiver http(OtlpSignal signal, ConfigProperties config) {
        HttpExporterBuilder<EncodedRequest> builder =
                new HttpExporterBuilder<>(ExporterType.OTLP_HTTP_SPAN_EXPORTER, signal.url("http://localhost:4318"));
        OtlpConfigUtil.configureOtlpExporterBuilder(
                signal.id(),
                signal.overHttp(config),
                _ -> builder.setComponentLoader(new Components()),
                builder::setEndpoint,
                builder::addConstantHeaders,
                builder::setCompression,
                timeout -> builder.setTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS),
                builder::setTrustManagerFromCerts,
                builder::setKeyManagerFromCerts,
                policy -> {},
                mode -> {});
        OtlpUserAgent.addUserAgentHeader(builder::addConstantHeaders);
        builder.setRetryPolicy(null);
        HttpExporter<EncodedRequest> exporter = builder.build();
        return new OtlpReceiver(
                exporter::export, exporter::shutdown, "OTLP http/protobuf to " + signal.endpoint(config, "4318"));
    }

    private static OtlpReceiver grpc(OtlpSignal signal, ConfigProperties config) {
        GrpcExporterBuilder<EncodedRequest> builder = new GrpcExporterBuilder<>(
                ExporterType.OTLP_GRPC_SPAN_EXPORTER,
                10,
                URI.create("http://localhost:4317"),
                () -> (channel, authority) -> {
                    throw new IllegalStateException("stubs are not used with the OkHttp sender");
                },
                signal.call());
        OtlpConfigUtil.configureOtlpExporterBuilder(
                signal.id(),
                config,
                builder::setComponentLoader,
                builder::setEndpoint,
                builder::addConstantHeader,
                builder::setCompression,
                builder::setTimeout,
                builder::setTrustManagerFromCerts,
                builder::setKeyManagerFromCerts,
                policy -> {},
                mode -> {});
        OtlpUserAgent.addUserAgentHeader(builder::addConstantHeader);
        builder.setRetryPolicy(null);
        GrpcExporter<EncodedRequest> exporter = builder.build();
        return new OtlpReceiver(
                exporter::export, exporter::shutdown, "OTLP grpc to " + signal.endpoint(config, "4317"));
    }

    @Override
    public SpanEncoder encoder(String version) {
        return new ProtoSpanEncoder(version);
    }

    @Override
    public Outcome send(ByteBuffer request, int spans, Duration timeout) {
        CompletableResultCode result = export.apply(new EncodedRequest(request), spans);
        if (!result.join(timeout.toNanos(), TimeUnit.NANOSECONDS).isDone()) {
            return new Outcome.Retry("no answer in " + timeout.toSeconds() + " s");
        }
        return result.isSuccess() ? new Outcome.Accepted() : failure(result.getFailureThrowable());
    }

    private static Outcome failure(Throwable failure) {
        return switch (failure) {
            case HttpExportException http
            when http.getResponse() != null -> {
                int status = http.getResponse().statusCode();
                yield classify("HTTP status " + status, HTTP_RETRIES.contains(status));
            }
            case GrpcExportException grpc
            when grpc.getResponse() != null -> {
                int status = grpc.getResponse().grpcStatusValue();
                String text = "gRPC status " + status + " " + grpc.getResponse().grpcStatusDescription();
                yield classify(text, GRPC_RETRIES.contains(status));
            }
            case null -> new Outcome.Retry("unknown");
            default -> new Outcome.Retry(String.valueOf(failure.getCause() == null ? failure : failure.getCause()));
        };
    }

    private static Outcome classify(String reason, boolean again) {
        return again ? new Outcome.Retry(reason) : new Outcome.Refused(reason);
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void close() {
        var _ = shutdown.get();
    }
}
