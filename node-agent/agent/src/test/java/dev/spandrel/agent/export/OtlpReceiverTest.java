package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real HTTP and gRPC on loopback. */
class OtlpReceiverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] REQUEST = ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                    io.opentelemetry.proto.trace.v1.ResourceSpans.newBuilder().setSchemaUrl("x".repeat(2000)))
            .build()
            .toByteArray();

    private final List<ExportTraceServiceRequest> received = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> closing = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : closing) {
            part.close();
        }
    }

    private OtlpReceiver receiver(Map<String, String> settings) {
        OtlpReceiver receiver = OtlpReceiver.of(DefaultConfigProperties.createFromMap(settings));
        closing.add(receiver);
        return receiver;
    }

    private int http(int port, int status, Map<String, String> headers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/traces", exchange -> {
            headers.put("tenant", String.valueOf(exchange.getRequestHeaders().getFirst("X-Tenant")));
            headers.put("encoding", String.valueOf(exchange.getRequestHeaders().getFirst("Content-Encoding")));
            received.add(read(exchange));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        closing.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private static ExportTraceServiceRequest read(HttpExchange exchange) throws IOException {
        boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream body = gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
            return ExportTraceServiceRequest.parseFrom(body);
        }
    }

    private Map<String, String> endpoint(int port, String protocol) {
        return new HashMap<>(Map.of(
                "otel.exporter.otlp.endpoint", "http://127.0.0.1:" + port, "otel.exporter.otlp.protocol", protocol));
    }

    @Test
    void httpWithHeadersAndCompression() throws IOException {
        Map<String, String> headers = new HashMap<>();
        Map<String, String> settings = endpoint(http(0, 200, headers), "http/protobuf");
        settings.put("otel.exporter.otlp.headers", "x-tenant=acme");
        settings.put("otel.exporter.otlp.compression", "gzip");
        assertThat(receiver(settings).send(ByteBuffer.wrap(REQUEST), 1, PATIENCE))
                .isInstanceOf(Outcome.Accepted.class);
        assertThat(received).containsExactly(ExportTraceServiceRequest.parseFrom(REQUEST));
        assertThat(headers).containsEntry("tenant", "acme").containsEntry("encoding", "gzip");
    }

    @Test
    void statusesThatAskForPatienceAndOthers() throws IOException {
        OtlpReceiver busy = receiver(endpoint(http(0, 503, new HashMap<>()), "http/protobuf"));
        assertThat(busy.send(ByteBuffer.wrap(REQUEST), 1, PATIENCE)).isEqualTo(new Outcome.Retry("HTTP status 503"));
        OtlpReceiver strict = receiver(endpoint(http(0, 400, new HashMap<>()), "http/protobuf"));
        assertThat(strict.send(ByteBuffer.wrap(REQUEST), 1, PATIENCE))
                .isEqualTo(new Outcome.Refused("HTTP status 400"));
    }

    @Test
    void nobodyThereAndThenSomebody() throws Exception {
        Map<String, String> headers = new HashMap<>();
        int port = http(0, 200, headers);
        closing.removeFirst().close();
        OtlpReceiver receiver = receiver(endpoint(port, "http/protobuf"));
        assertThat(receiver.send(ByteBuffer.wrap(REQUEST), 1, PATIENCE)).isInstanceOf(Outcome.Retry.class);
        http(port, 200, headers);
        assertThat(receiver.send(ByteBuffer.wrap(REQUEST), 1, PATIENCE)).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void grpc() throws IOException {
        int port = grpcServer(ServerCalls.asyncUnaryCall((request, answer) -> {
            received.add(request);
            answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
            answer.onCompleted();
        }));
        assertThat(receiver(endpoint(port, "grpc")).send(ByteBuffer.wrap(REQUEST), 1, PATIENCE))
                .isInstanceOf(Outcome.Accepted.class);
        assertThat(received).containsExactly(ExportTraceServiceRequest.parseFrom(REQUEST));
    }

    @Test
    void grpcStatuses() throws IOException {
        int port = grpcServer(ServerCalls.asyncUnaryCall((request, answer) ->
                answer.onError(Status.UNAVAILABLE.withDescription("full").asException())));
        assertThat(receiver(endpoint(port, "grpc")).send(ByteBuffer.wrap(REQUEST), 1, PATIENCE))
                .isEqualTo(new Outcome.Retry("gRPC status 14 full"));
    }

    private int grpcServer(ServerCallHandler<ExportTraceServiceRequest, ExportTraceServiceResponse> call)
            throws IOException {
        Server server = OkHttpServerBuilder.forPort(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(ServerServiceDefinition.builder(TraceServiceGrpc.SERVICE_NAME)
                        .addMethod(TraceServiceGrpc.getExportMethod(), call)
                        .build())
                .build()
                .start();
        closing.add(server::shutdownNow);
        return server.getPort();
    }
}
