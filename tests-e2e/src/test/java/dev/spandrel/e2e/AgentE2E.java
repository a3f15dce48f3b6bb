package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One agent, one policy file, Python's server: what a span says, and a policy that changes while it runs. */
@Tag(OtherKernel.TAG)
final class AgentE2E {
    private static final int MAX_RESIDENT_KIB = 128 * 1024;

    private final TestCgroup cgroup = TestCgroup.make("agent");
    private final int port = Ports.free();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Policies policies;
    private Process server;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        client.close();
        cgroup.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void requestsBecomeSpansAndExactCounts(String backend) throws Exception {
        try (AgentProcess agent = started(backend, "sampling: {percent: 100}")) {
            String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
            assertThat(request("/?token=secret")).isEqualTo(200);
            assertThat(request("/missing", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01"))
                    .isEqualTo(404);

            Await.until("both spans", () -> agent.spans().size() >= 2);
            assertThat(agent.spans())
                    .hasSize(2)
                    .allSatisfy(span -> assertThat(span.end()).isGreaterThan(span.start()));
            Span ok = agent.spans().get(0);
            assertThat(ok.name()).isEqualTo("GET");
            assertThat(ok.kind()).isEqualTo(Span.SERVER);
            assertThat(ok.isRoot()).isTrue();
            assertThat(ok.traceState()).isEqualTo("ot=th:0");
            assertThat(ok.attributes())
                    .containsEntry("url.path", "/")
                    .containsEntry("url.query", "token=REDACTED")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("server.port", "" + port);
            assertThat(ok.attribute("user_agent.original")).startsWith("Java-http-client/");
            assertThat(ok.resource()).containsEntry("process.pid", "" + server.pid());
            assertThat(ok.resource().get("process.executable.name")).startsWith("python3");
            Span missing = agent.spans().get(1);
            assertThat(missing.traceId()).isEqualTo(trace);
            assertThat(missing.parentSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(missing.attributes())
                    .containsEntry("http.response.status_code", "404")
                    .doesNotContainKey("error.type");
            assertThat(counted(agent)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void aLiveChangeLosesNoCount(String backend) throws Exception {
        try (AgentProcess agent = started(backend, "sampling: {percent: 0, keep: {errors: false}}")) {
            requests(50);
            assertThat(counted(agent)).isEqualTo(50);
            assertThat(agent.spans()).isEmpty();
            assertThat(agent.metric("spandrel_map_entries", "requests")).isPositive();
            assertThat(agent.metric("spandrel_map_limit", "requests")).isEqualTo(4096);

            long before = agent.generation();
            policies.write("agent", cgroup, "sampling: {percent: 100}");
            agent.awaitGenerationAfter(before);
            requests(50);
            Await.until("all spans", () -> agent.spans().size() >= 50);
            assertThat(agent.spans()).hasSize(50);
            assertThat(counted(agent)).isEqualTo(100);

            policies.delete("agent");
            Await.until("nothing attached", () -> BpfHeld.by(agent).nothing());
            assertThat(agent.metric("spandrel_programs_attached", "")).isZero();
            requests(1);
            assertThat(counted(agent)).as("counts stay, and stand still").isEqualTo(100);
            assertThat(agent.metric("spandrel_lost_total", "")).isZero();
            Await.until("what loading took is given back", () -> agent.process().residentKib() < MAX_RESIDENT_KIB);
        }
    }

    private AgentProcess started(String backend, String spec) {
        server = cgroup.start(
                directory.resolve("server.out"),
                List.of(
                        "python3",
                        "-m",
                        "http.server",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--directory",
                        "" + directory));
        Ports.awaitListening(port);
        policies = Policies.in(directory);
        policies.write("agent", cgroup, spec);
        AgentProcess agent = AgentProcess.standalone(directory, backend, policies);
        agent.awaitSelected(1);
        return agent;
    }

    private static long counted(AgentProcess agent) {
        return (long) agent.metric("http_server_request_duration_seconds_count", "");
    }

    private void requests(int count) {
        IntStream.range(0, count).forEach(i -> request("/"));
    }

    private int request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(path, e);
        }
    }
}
