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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
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
        traced(
                backend,
                encrypted,
                i -> encrypted || i % 4 < 2 ? "handed-" : "direct-",
                spans -> assertThat(linked(spans, encrypted))
                        .isEqualTo(
                                encrypted
                                        ? Map.of("handed", REQUESTS)
                                        : Map.of("handed", REQUESTS / 2, "direct", REQUESTS / 2)));
    }

    /** With room for fewer than are at work at once a parent may be missing. */
    @ParameterizedTest
    @CsvSource({"goroutines=1, socklen", "goroutines=1, sysexit", "handed=8, socklen", "handed=8, sysexit"})
    void aParentThatWasPushedOutIsMissingAndNoOtherTakesItsPlace(String room, String backend) throws Exception {
        traced(
                backend,
                false,
                i -> "later-",
                spans -> assertThat(linked(spans, false).values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                        .isLessThan(REQUESTS),
                "--map-entries",
                room);
    }

    private void traced(
            String backend, boolean encrypted, IntFunction<String> how, Consumer<List<Span>> check, String... options)
            throws Exception {
        Path files = Files.createDirectories(directory.resolve("files"));
        Certificate.make(files);
        int leafPort = Ports.free();
        int port = Ports.free();
        serve(leaf, encrypted, files, "" + leafPort);
        serve(relay, encrypted, files, "" + port, "" + leafPort);
        List.of(leafPort, port).forEach(Ports::awaitListening);
        Policies policies = Policies.in(directory);
        policies.write("relay", relay, "sampling: {percent: 100}\n");
        var arguments = new ArrayList<>(
                List.of("--backend", backend, "--policies", policies.directory().toString()));
        arguments.addAll(List.of(options));
        try (AgentProcess agent = AgentProcess.start(directory, arguments.toArray(String[]::new))) {
            agent.awaitSelected(1);
            Await.until("the probes of Go", () -> agent.metric("spandrel_tls_files", "") >= 1);
            load(encrypted, port, how);
            Await.until("both ends of each request", () -> agent.spans().size() >= 2 * REQUESTS);
            check.accept(agent.spans());
        }
    }

    private void serve(TestCgroup cgroup, boolean encrypted, Path files, String... arguments) throws Exception {
        var command = new ArrayList<>(
                List.of("env", "TLS=" + (encrypted ? files : ""), ServerAndClients.BUILT + "/go", "relay"));
        command.addAll(List.of(arguments));
        cgroup.start(directory.resolve(cgroup.name() + ".out"), command);
    }

    /** How many have their parent, by how they were sent; another's none has. */
    private Map<String, Integer> linked(List<Span> spans, boolean encrypted) {
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
            if (span.parentSpanId().isEmpty()) continue;
            Span parent = byId.get(span.parentSpanId());
            assertThat(parent).as("parent of %s", span).isNotNull();
            assertThat(parent.path()).as("parent of %s", span).isEqualTo("/r/" + id);
            assertThat(parent.traceId()).isEqualTo(span.traceId());
            linked.merge(id.substring(0, id.indexOf('-')), 1, Integer::sum);
        }
        return linked;
    }

    /** 32 at once; half of them with a traceparent. */
    private void load(boolean encrypted, int port, IntFunction<String> how) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(Certificate.trusted(directory.resolve("files")))
                        .build();
                var threads = Executors.newFixedThreadPool(32)) {
            List<Future<?>> asked = IntStream.range(0, REQUESTS)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> ask(
                            client,
                            (encrypted ? "https" : "http") + "://127.0.0.1:" + port + "/r/",
                            how.apply(i) + i,
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
