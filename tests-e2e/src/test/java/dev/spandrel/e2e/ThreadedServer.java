package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** A server that connects to nginx in another cgroup for each of its requests, in the thread that answers; its log says what came with which. */
final class ThreadedServer {
    private static final int CLIENTS = 16;

    private final int port = Ports.free();
    private final Path log;
    private final Process process;

    ThreadedServer(TestCgroup cgroup, TestCgroup leaf, Path directory) {
        int leafPort = Ports.free();
        Nginx.leaf(leaf, directory, leafPort);
        log = directory.resolve("threaded.log");
        process = cgroup.start(
                directory.resolve("threaded.out"),
                List.of(
                        "python3",
                        Checkout.server("threaded.py").toString(),
                        "" + port,
                        "" + leafPort,
                        log.toString()));
        Ports.awaitListening(port);
    }

    long pid() {
        return process.pid();
    }

    /** A request of this name, without a traceparent. */
    void ask(String name) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            ask(client, name, "");
        }
    }

    /** So many requests at once, each with a traceparent; their names are their numbers. */
    void load(int requests) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                var threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> asked = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                String name = "" + i;
                asked.add(threads.submit(() -> ask(client, name, traceparent())));
            }
            for (Future<?> one : asked) one.get();
        }
    }

    private static String traceparent() {
        byte[] random = new byte[24];
        ThreadLocalRandom.current().nextBytes(random);
        String hex = HexFormat.of().formatHex(random);
        return "00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-01";
    }

    private void ask(HttpClient client, String name, String traceparent) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/r/" + name))
                .version(HttpClient.Version.HTTP_1_1);
        if (!traceparent.isEmpty()) request.header("traceparent", traceparent);
        try {
            assertThat(client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(name, e);
        }
    }

    /** By trace id, the path of the request that brought it, as the server wrote it down. */
    Map<String, String> pathsByTrace() {
        Map<String, String> paths = new HashMap<>();
        try {
            for (String line : Files.readAllLines(log)) {
                String[] fields = line.split(" ");
                if (!fields[1].equals("-")) paths.put(fields[1].substring(3, 35), "/r/" + fields[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return paths;
    }
}
