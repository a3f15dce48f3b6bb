package dev.spandrel.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** A receiver of OTLP over HTTP that keeps what arrives. */
final class OtlpSink implements AutoCloseable {
    /** @param at when it arrived, on the scale of {@link System#nanoTime} */
    record Arrived<T>(long at, Map<String, String> resource, String scope, T what) {}

    private final HttpServer server;
    private final Queue<Arrived<Metric>> metrics = new ConcurrentLinkedQueue<>();
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
    private final Queue<Arrived<LogRecord>> logs = new ConcurrentLinkedQueue<>();
    private final Queue<ExportProfilesServiceRequest> profiles = new ConcurrentLinkedQueue<>();
    private final Queue<String> found = new ConcurrentLinkedQueue<>();
    private volatile Optional<String> sought = Optional.empty();

    OtlpSink() {
        this(0);
    }

    OtlpSink(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/metrics", exchange -> take(exchange, this::metrics));
        server.createContext("/v1/traces", exchange -> take(exchange, this::spans));
        server.createContext("/v1/logs", exchange -> take(exchange, this::logs));
        server.createContext("/v1development/profiles", exchange -> take(exchange, this::profiles));
        server.createContext("/", exchange -> take(exchange, _ -> {}));
        server.start();
    }

    private interface Reader {
        void read(byte[] body) throws InvalidProtocolBufferException;
    }

    /** Of what arrives from now on, requests that have this text in them, in whatever field, are {@link #found}. */
    void lookFor(String text) {
        sought = Optional.of(text);
    }

    /** Requests that have in them what was looked for, with their path. */
    List<String> found() {
        return List.copyOf(found);
    }

    private void take(HttpExchange exchange, Reader reader) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        var body = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
        byte[] bytes = body.readAllBytes();
        reader.read(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (sought.filter(text::contains).isPresent()) {
            found.add(exchange.getRequestURI() + " " + text);
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private void metrics(byte[] body) throws InvalidProtocolBufferException {
        long now = System.nanoTime();
        for (var resource : ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList())
            for (var scope : resource.getScopeMetricsList())
                for (Metric metric : scope.getMetricsList())
                    metrics.add(new Arrived<>(
                            now,
                            attributes(resource.getResource().getAttributesList()),
                            scope.getScope().getName(),
                            metric));
    }

    private void spans(byte[] body) throws InvalidProtocolBufferException {
        for (var resource : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList())
            for (var scope : resource.getScopeSpansList()) spans.addAll(scope.getSpansList());
    }

    private void logs(byte[] body) throws InvalidProtocolBufferException {
        long now = System.nanoTime();
        for (var resource : ExportLogsServiceRequest.parseFrom(body).getResourceLogsList())
            for (var scope : resource.getScopeLogsList())
                for (LogRecord record : scope.getLogRecordsList())
                    logs.add(new Arrived<>(
                            now,
                            attributes(resource.getResource().getAttributesList()),
                            scope.getScope().getName(),
                            record));
    }

    private void profiles(byte[] body) throws InvalidProtocolBufferException {
        profiles.add(ExportProfilesServiceRequest.parseFrom(body));
    }

    static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, one -> text(one.getValue())));
    }

    private static String text(AnyValue value) {
        return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Map<String, String> environment() {
        return Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                endpoint(),
                "OTEL_METRIC_EXPORT_INTERVAL",
                "50",
                "OTEL_BLRP_SCHEDULE_DELAY",
                "50");
    }

    /** All that arrived of this name, the oldest first. */
    List<Arrived<Metric>> metrics(String name) {
        return metrics.stream().filter(one -> one.what().getName().equals(name)).toList();
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    List<Arrived<LogRecord>> logs() {
        return List.copyOf(logs);
    }

    /** Each has its own dictionary. */
    List<ExportProfilesServiceRequest> profiles() {
        return List.copyOf(profiles);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
