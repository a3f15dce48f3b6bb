package dev.spandrel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.RunningAgent.Span;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.KernelRung;
import dev.spandrel.ebpf.Cgroup2;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole agent against the real kernel: policy file → BPF → ring → OTLP/JSON lines and /metrics, with Python's server as the workload. */
class AgentKernelIT {
    private static final String NAME =
            "spandrel-agent-" + ProcessHandle.current().pid();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path cgroup = Cgroup2.mount().orElse(Path.of("/")).resolve(NAME);
    private Process server;
    private int port;

    @TempDir
    private Path policies;

    @TempDir
    private Path state;

    private void policy(String sampling) throws IOException {
        Path next = state.resolve("next.yaml");
        Files.writeString(next, """
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: all}
                spec:
                  podSelector: {matchLabels: {cgroup: %s}}
                  sampling: {%s}
                """.formatted(NAME, sampling));
        Files.move(next, policies.resolve("all.yaml"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private void startServer() throws IOException, InterruptedException {
        Files.createDirectory(cgroup);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String command =
                "echo $$ > %s/cgroup.procs && exec python3 -u -m http.server %d --bind 127.0.0.1 --directory %s"
                        .formatted(cgroup, port, state);
        server = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        assertThat(server.inputReader().readLine()).startsWith("Serving HTTP");
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        }
        Files.deleteIfExists(cgroup);
    }

    private int request(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void requestsBecomeSpansAndExactCounts(Backend backend) throws Exception {
        KernelRung.require(backend);
        KernelRung.real(backend);
        startServer();
        policy("percent: 100");
        try (RunningAgent agent = RunningAgent.start(policies, state, "--backend", backend.id())) {
            agent.waitForLog("generation \\d+ in the kernel .* 1 workload in 1 cgroup");
            String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
            assertThat(request("/?token=secret")).isEqualTo(200);
            assertThat(request("/missing", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01"))
                    .isEqualTo(404);

            List<Span> spans = agent.spans(2);
            assertThat(spans).hasSize(2);
            Span ok = spans.get(0);
            assertThat(ok.span().get("name").getAsString()).isEqualTo("GET");
            assertThat(ok.span().get("kind").getAsInt()).isEqualTo(2);
            assertThat(ok.span().has("parentSpanId")).isFalse();
            assertThat(ok.span().get("traceState").getAsString()).isEqualTo("ot=th:0");
            assertThat(ok.attribute("url.path")).isEqualTo("/");
            assertThat(ok.attribute("url.query")).isEqualTo("token=REDACTED");
            assertThat(ok.attribute("http.response.status_code")).isEqualTo("200");
            assertThat(ok.attribute("server.port")).isEqualTo(Integer.toString(port));
            assertThat(ok.attribute("user_agent.original")).startsWith("Java-http-client/");
            assertThat(ok.resourceAttribute("process.pid")).isEqualTo(Long.toString(server.pid()));
            assertThat(ok.resourceAttribute("process.executable.name")).startsWith("python3");
            Span missing = spans.get(1);
            assertThat(missing.span().get("traceId").getAsString()).isEqualTo(trace);
            assertThat(missing.span().get("parentSpanId").getAsString()).isEqualTo("00f067aa0ba902b7");
            assertThat(missing.attribute("http.response.status_code")).isEqualTo("404");
            assertThat(missing.attribute("error.type")).isEmpty();
            for (Span span : spans) {
                assertThat(span.span().get("endTimeUnixNano").getAsLong())
                        .isGreaterThan(span.span().get("startTimeUnixNano").getAsLong());
            }
            assertThat(agent.metric("http_server_request_duration_seconds_count"))
                    .isEqualTo(2);
            assertThat(agent.stop()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aLiveChangeLosesNoCountAndRestartsNothing(Backend backend) throws Exception {
        KernelRung.require(backend);
        KernelRung.real(backend);
        startServer();
        policy("percent: 0, keep: {errors: false}");
        try (RunningAgent agent = RunningAgent.start(policies, state, "--backend", backend.id())) {
            agent.waitForLog("generation \\d+ in the kernel .* 1 workload in 1 cgroup");
            for (int i = 0; i < 50; i++) {
                request("/");
            }
            assertThat(agent.metric("http_server_request_duration_seconds_count"))
                    .isEqualTo(50);
            assertThat(agent.unreadOutput()).isZero();

            double before = agent.metric("spandrel_config_generation");
            policy("percent: 100");
            agent.waitForLog("generation \\d+ in the kernel .* 1 workload in 1 cgroup");
            assertThat(agent.metric("spandrel_config_generation")).isGreaterThan(before);
            for (int i = 0; i < 50; i++) {
                request("/");
            }
            assertThat(agent.spans(50)).hasSize(50);
            assertThat(agent.metric("http_server_request_duration_seconds_count"))
                    .isEqualTo(100);

            Files.delete(policies.resolve("all.yaml"));
            agent.waitForLog("programs unloaded");
            assertThat(agent.metric("spandrel_programs_attached")).isZero();
            assertThat(agent.metric("http_server_request_duration_seconds_count"))
                    .isEqualTo(100);
            request("/");
            assertThat(agent.metric("http_server_request_duration_seconds_count"))
                    .isEqualTo(100);
            assertThat(agent.metric("spandrel_lost_total")).isZero();
            agent.waitUntil("resident memory below 128 MiB", () -> agent.residentKib() < 128 * 1024);
        }
    }
}
