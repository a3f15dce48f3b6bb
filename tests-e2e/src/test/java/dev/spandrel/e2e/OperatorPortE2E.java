package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reaches the operator's port of metrics and health and means no good: is ended, and those who ask are answered, meanwhile and after. */
final class OperatorPortE2E {
    private static final int HALF_OPEN = 500;
    /** Longer than a connection may be idle, on a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private final int http = Ports.free();
    private DevProcess operator;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        operator = OperatorProcess.start(directory, Kubectl.fromEnvironment(), Ports.free(), http);
        Ports.awaitListening(http);
        assertAnswers();
    }

    @AfterEach
    void stop() throws IOException {
        try (DevProcess _ = operator) {
            assertAnswers();
        }
    }

    /** A third says nothing, a third begins a request, a third speaks something else. */
    @Test
    void connectionsThatGetNowhere() throws IOException {
        byte[] noise = new byte[100];
        new Random(1).nextBytes(noise);
        List<byte[]> beginnings = List.of(new byte[0], bytes("GET /metrics HTTP/1.1\r\nHost: "), noise);
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < HALF_OPEN; i++) {
                open.add(connected(beginnings.get(i % beginnings.size())));
            }
            assertAnswers();
            for (Socket one : open) {
                assertThat(rest(one)).as("an error at most").doesNotContain("200 OK");
            }
        } finally {
            for (Socket one : open) {
                one.close();
            }
        }
    }

    /** It is never idle, and its request never whole. */
    @Test
    void aRequestThatComesByteByByte() throws IOException, InterruptedException {
        try (Socket slow = connected(bytes("GET /metrics HTTP/1.1\r\nX: "))) {
            slow.setSoTimeout(500);
            long end = System.nanoTime() + SOON.toNanos();
            while (isOpen(slow)) {
                assertThat(System.nanoTime()).as("still open after %s", SOON).isLessThan(end);
            }
        }
        HttpRequest twice = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/metrics"))
                .timeout(SOON)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) { // who asks again on the same connection is answered
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(twice, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
                Thread.sleep(4_000);
            }
        }
    }

    private static boolean isOpen(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException _) {
            return true;
        } catch (SocketException _) {
            return false;
        }
    }

    @Test
    void requestsThatAreTooLarge() throws IOException {
        refused("GET /" + "x".repeat(64 << 10) + " HTTP/1.1\r\nHost: a\r\n\r\n", "414");
        refused("GET /metrics HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(64 << 10) + "\r\n\r\n", "431");
        refused("POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n", "413");
    }

    @Test
    void requestsThatAreNone() throws IOException {
        refused("GET\r\n\r\n", "400");
        ended("GET /metrics HTTP/1.1\r\nHost: a\r\n: nothing\r\n\r\n");
        ended("POST /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    }

    /** Answered before it is read to its end, perhaps. */
    private void ended(String request) throws IOException {
        try (Socket socket = connected(bytes(request))) {
            rest(socket);
        }
    }

    private void refused(String request, String status) throws IOException {
        try (Socket socket = connected(bytes(request))) {
            assertThat(rest(socket)).matches("(?s)HTTP/1\\.[01] " + status + ".*");
        }
    }

    private Socket connected(byte[] said) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", http), (int) SOON.toMillis());
        socket.setSoTimeout((int) SOON.toMillis());
        try {
            socket.getOutputStream().write(said);
        } catch (SocketException _) {
            // it has heard enough
        }
        return socket;
    }

    /** What comes until the other end is closed, which is to be soon. */
    private static String rest(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (int one = socket.getInputStream().read();
                    one >= 0;
                    one = socket.getInputStream().read()) {
                all.write(one);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open after " + SOON + ": " + all, e);
        } catch (SocketException _) {
            // reset: closed as well
        }
        return all.toString(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void assertAnswers() throws IOException {
        for (String path : List.of("/metrics", "/q/health/live")) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                        .timeout(SOON)
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
