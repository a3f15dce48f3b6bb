package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a goroutine asks while it answers is part of the same trace: a Go server under concurrent load whose handler asks another one, by net/http, which writes on a goroutine of the
 * connection, and on connections of its own. Request and path have the same id, so each parent is known.
 */
final class GoroutinesE2E {
    private static final int REQUESTS = 1_000;

    private final TestCgroup relay = TestCgroup.make("relay");
    private final TestCgroup leaf = TestCgroup.make("leaf");
    private final Map<String, String> sent = new ConcurrentHashMap<>();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        List.of(relay, leaf).forEach(TestCgroup::close);
    }

    @ParameterizedTest
    @CsvSource({"socklen, false", "sysexit, false", "socklen, true", "sysexit, true"})
    void whatAGoroutineAsksIsOfWhatItAnswers(String backend, boolean encrypted) throws Exception {
        Path files = Files.createDirectories(directory.resolve("files"));
        Certificate.make(files);
        int leafPort = Ports.free();
        int port = Ports.free();
        serve(leaf, encrypted, files, "" + leafPort);
        serve(relay, encrypted, files, "" + port, "" + leafPort);
        List.of(leafPort, port).forEach(Ports::awaitListening);
        Policies policies = Policies.in(directory);
        policies.write("relay", relay, "sampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(1);
            Await.until("the probes of Go", () -> agent.metric("spandrel_tls_files", "") >= 1);
            load(encrypted, port);
            Await.until("both ends of each request", () -> agent.spans().size() >= 2 * REQUESTS);
            check(agent.spans(), encrypted);
        }
    }

    private void serve(TestCgroup cgroup, boolean encrypted, Path files, String... arguments) throws Exception {
        var command = new ArrayList<>(
                List.of("env", "TLS=" + (encrypted ? files : ""), ServerAndClients.BUILT + "/go", "relay"));
        command.addAll(List.of(arguments));
        cgroup.start(directory.resolve(cgroup.name() + ".out"), command);
    }

    private void check(List<Span> spans, boolean encrypted) {
        Map<String, Span> byId = spans.stream().collect(Collectors.toMap(Span::spanId, Function.identity()));
        assertThat(spans).hasSize(2 * REQUESTS);
        Map<String, Integer> linked = new HashMap<>();
        for (Span span : spans) {
            String id = span.path().substring(span.path().lastIndexOf('/') + 1);
            if (span.kind() == Span.SERVER) {
                assertThat(span.path()).isEqualTo("/r/" + id);
                assertThat(span.attribute("url.scheme")).isEqualTo(encrypted ? "https" : "http");
                String traceparent = sent.getOrDefault(id, "");
                if (!traceparent.isEmpty()) assertThat(span.traceId()).isEqualTo(traceparent.substring(3, 35));
                continue;
            }
            assertThat(span.path()).isEqualTo("/u/" + id);
            Span parent = byId.get(span.parentSpanId());
            assertThat(parent).as("parent of %s", span).isNotNull();
            assertThat(parent.path()).as("parent of %s", span).isEqualTo("/r/" + id);
            assertThat(parent.traceId()).isEqualTo(span.traceId());
            linked.merge(id.substring(0, id.indexOf('-')), 1, Integer::sum);
        }
        assertThat(linked)
                .isEqualTo(
                        encrypted
                                ? Map.of("handed", REQUESTS)
                                : Map.of("handed", REQUESTS / 2, "direct", REQUESTS / 2));
    }

    /** 32 at once; half of them with a traceparent. */
    private void load(boolean encrypted, int port) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(Certificate.trusted(directory.resolve("files")))
                        .build();
                var threads = Executors.newFixedThreadPool(32)) {
            List<Future<?>> asked = IntStream.range(0, REQUESTS)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> ask(
                            client,
                            (encrypted ? "https" : "http") + "://127.0.0.1:" + port + "/r/",
                            (encrypted || i % 4 < 2 ? "handed-" : "direct-") + i,
                            i % 2 == 0 ? ParentsE2E.traceparent() : "")))
                    .toList();
            for (Future<?> one : asked) {
                one.get();
            }
        }
    }

    private int ask(HttpClient client, String url, String id, String traceparent) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + id));
        if (!traceparent.isEmpty()) {
            sent.put(id, traceparent);
            request.header("traceparent", traceparent);
        }
        int status = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
        assertThat(status).isEqualTo(200);
        return status;
    }
}
