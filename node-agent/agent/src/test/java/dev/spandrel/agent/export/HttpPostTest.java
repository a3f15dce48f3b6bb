package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server whose every byte, and whose silence, the test decides. */
class HttpPostTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String HANG_UP = "";
    private static final String SILENCE = "silence";

    /** One inner list per connection, in it one answer per request. */
    private final ArrayDeque<List<String>> connections = new ArrayDeque<>();

    private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Closeable> closing = new ArrayDeque<>();

    @AfterEach
    void close() throws IOException {
        for (Closeable part : closing) {
            part.close();
        }
    }

    private OtlpReceiver receiver(Map<String, String> more, List<List<String>> answers) throws IOException {
        connections.addAll(answers);
        ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> serve(server));
        Map<String, String> settings =
                new HashMap<>(Map.of("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + server.getLocalPort()));
        settings.put("otel.exporter.otlp.protocol", "http/protobuf");
        settings.putAll(more);
        OtlpReceiver receiver = OtlpReceiver.of(DefaultConfigProperties.createFromMap(settings));
        closing.add(receiver::close);
        closing.add(server);
        return receiver;
    }

    private void serve(ServerSocket server) {
        for (List<String> answers = connections.poll(); answers != null; answers = connections.poll()) {
            try (Socket socket = server.accept()) {
                closing.addFirst(socket);
                var in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                for (String answer : answers) {
                    readRequest(in);
                    if (answer.equals(SILENCE)) {
                        assertThat(in.read()).isNegative();
                    }
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                }
            } catch (IOException e) {
                // The client is gone, as some tests want it.
            }
        }
    }

    private void readRequest(BufferedReader in) throws IOException {
        StringBuilder head = new StringBuilder();
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        for (int i = 0; i < length; i++) {
            head.append((char) in.read());
        }
        requests.add(head.toString());
    }

    private static Outcome send(OtlpReceiver receiver, String body) {
        byte[] bytes = ("...." + body).getBytes(StandardCharsets.ISO_8859_1);
        return receiver.send(ByteBuffer.wrap(bytes, 4, bytes.length - 4).slice(), 1, Duration.ofSeconds(10));
    }

    @Test
    void aConnectionCarriesRequestAfterRequest() throws IOException {
        OtlpReceiver receiver = receiver(Map.of(), List.of(List.of(OK, OK)));
        assertThat(send(receiver, "one")).isInstanceOf(Outcome.Accepted.class);
        assertThat(send(receiver, "two")).isInstanceOf(Outcome.Accepted.class);
        assertThat(requests.poll())
                .startsWith("POST /v1/traces HTTP/1.1\nHost: 127.0.0.1:")
                .contains("Content-Type: application/x-protobuf\n", "User-Agent: OTel-OTLP-Exporter-Java/")
                .endsWith("one");
        assertThat(requests.poll()).endsWith("two");
    }

    @Test
    void aConnectionThatWasClosedMeanwhileCostsNothing() throws IOException {
        OtlpReceiver receiver = receiver(Map.of(), List.of(List.of(OK, HANG_UP), List.of(OK)));
        assertThat(send(receiver, "one")).isInstanceOf(Outcome.Accepted.class);
        assertThat(send(receiver, "two")).isInstanceOf(Outcome.Accepted.class);
        assertThat(requests).hasSize(3);
    }

    @Test
    void aServerThatHangsUpMayComeBack() throws IOException {
        OtlpReceiver receiver = receiver(Map.of(), List.of(List.of(HANG_UP)));
        assertThat(send(receiver, "one")).isInstanceOf(Outcome.Retry.class);
    }

    @Test
    void silenceHasAnEnd() throws IOException {
        OtlpReceiver receiver = receiver(Map.of("otel.exporter.otlp.timeout", "50"), List.of(List.of(SILENCE)));
        assertThat(send(receiver, "one"))
                .isEqualTo(new Outcome.Retry("java.net.SocketTimeoutException: no answer in 50 ms"));
    }
}
