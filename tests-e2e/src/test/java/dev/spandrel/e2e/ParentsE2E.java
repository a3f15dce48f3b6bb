package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A span never gets a wrong parent: nginx, Node and a threaded server under concurrent load, half of it with a traceparent. Every span's parent is
 * checked against what the servers themselves wrote down about the request with that id.
 */
@Tag(OtherKernel.TAG)
final class ParentsE2E {
    private static final int REQUESTS = 2_000;

    private final TestCgroup threaded = TestCgroup.make("threaded");
    private final TestCgroup loop = TestCgroup.make("loop");
    private final TestCgroup nginx = TestCgroup.make("nginx");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        List.of(nginx, loop, threaded).forEach(TestCgroup::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyParentIsTheRightOne(String backend) throws Exception {
        int leafPort = Ports.free();
        int proxyPort = Ports.free();
        int threadedPort = Ports.free();
        int loopPort = Ports.free();
        Nginx.start(
                nginx,
                directory,
                "leaf.conf",
                Map.of("LEAF", "" + leafPort, "PROXY", "" + proxyPort, "THREADED", "" + threadedPort));
        threaded.start(
                log("threaded.out"),
                List.of(
                        "python3",
                        Checkout.server("threaded.py").toString(),
                        "" + threadedPort,
                        "" + leafPort,
                        log("threaded.log").toString()));
        loop.start(
                log("loop.out"),
                List.of(
                        "node",
                        Checkout.server("loop.js").toString(),
                        "" + loopPort,
                        "" + leafPort,
                        log("loop.log").toString()));
        List.of(leafPort, proxyPort, threadedPort, loopPort).forEach(Ports::awaitListening);

        Policies policies = Policies.in(directory);
        for (TestCgroup cgroup : List.of(threaded, loop, nginx)) {
            policies.write(cgroup.name(), cgroup, "sampling: {percent: 100}\n");
        }
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSpan("a request that shows the agent is on", span -> {
                ask(proxyPort, "warm-up-" + ThreadLocalRandom.current().nextInt(), "");
                return span.kind() == Span.SERVER;
            });
            agent.forgetSpans();
            load(proxyPort, "proxied");
            load(loopPort, "looped");
            agent.awaitSpan(
                    "the last request",
                    span -> span.path().endsWith("looped-" + (REQUESTS - 1)) && span.kind() == Span.SERVER);
            Await.until(
                    "all server spans",
                    () -> agent.spans(span -> span.kind() == Span.SERVER
                                            && span.path().contains("/r/"))
                                    .size()
                            >= 3 * REQUESTS);
            // A warm-up request may still have been on its way when its spans were forgotten.
            check(agent.spans(span -> !span.path().contains("warm-up")));
        }
    }

    private void check(List<Span> spans) throws IOException {
        Map<String, Span> byId = spans.stream().collect(Collectors.toMap(Span::spanId, Function.identity()));
        assertThat(byId).hasSameSizeAs(spans);
        Map<String, String> received = received();
        int linked = 0;
        for (Span span : spans) {
            String identity = span.path().substring(span.path().lastIndexOf('/') + 1);
            if (span.path().startsWith("/r/")) {
                checkHeader(span, received.getOrDefault(identity, "-"));
            } else if (span.kind() == Span.CLIENT && !span.isRoot()) {
                Span parent = byId.get(span.parentSpanId());
                assertThat(parent).as("parent of %s", span).isNotNull();
                assertThat(parent.path()).as("parent of %s", span).isEqualTo("/r/" + identity);
                assertThat(parent.kind()).isEqualTo(Span.SERVER);
                assertThat(parent.traceId()).isEqualTo(span.traceId());
                assertThat(parent.resource().get("service.name"))
                        .isEqualTo(span.resource().get("service.name"));
                assertThat(span.attribute("process.pid")).isEqualTo(parent.attribute("process.pid"));
                linked++;
            } else if (span.kind() == Span.CLIENT) {
                assertThat(span.resource().get("service.name"))
                        .as("only the event loop's links are uncertain")
                        .isEqualTo(loop.name());
            }
        }
        assertThat(linked).as("client spans of the threaded server, all linked").isEqualTo(REQUESTS);
    }

    /** What came with the request decides: its traceparent is the parent, without one the span is a root. */
    private static void checkHeader(Span span, String traceparent) {
        if (traceparent.equals("-")) {
            assertThat(span.parentSpanId())
                    .as("no traceparent was received: %s", span)
                    .isEmpty();
        } else {
            assertThat(span.traceId()).as("%s", span).isEqualTo(traceparent.substring(3, 35));
            assertThat(span.parentSpanId()).as("%s", span).isEqualTo(traceparent.substring(36, 52));
        }
    }

    /** Request id → traceparent, or "-", as the servers logged it. */
    private Map<String, String> received() throws IOException {
        Map<String, String> received = new HashMap<>();
        for (String file : List.of("threaded.log", "loop.log")) {
            for (String line : Files.readAllLines(log(file))) {
                String[] fields = line.split(" ");
                received.put(fields[0], fields[1]);
            }
        }
        return received;
    }

    private void load(int port, String name) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                var threads = Executors.newFixedThreadPool(32)) {
            List<Future<?>> asked = IntStream.range(0, REQUESTS)
                    .<Future<?>>mapToObj(i ->
                            threads.submit(() -> ask(client, port, name + "-" + i, i % 2 == 0 ? traceparent() : "")))
                    .toList();
            for (Future<?> one : asked) {
                one.get();
            }
        }
    }

    /** A new one, sampled. */
    static String traceparent() {
        byte[] random = new byte[24];
        ThreadLocalRandom.current().nextBytes(random);
        String hex = HexFormat.of().formatHex(random);
        return "00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-01";
    }

    private static void ask(int port, String identity, String traceparent) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            ask(client, port, identity, traceparent);
        }
    }

    private static void ask(HttpClient client, int port, String identity, String traceparent) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/r/" + identity))
                .version(HttpClient.Version.HTTP_1_1);
        if (!traceparent.isEmpty()) {
            request.header("traceparent", traceparent);
        }
        try {
            assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(identity, e);
        }
    }

    private Path log(String name) {
        return directory.resolve(name);
    }
}
