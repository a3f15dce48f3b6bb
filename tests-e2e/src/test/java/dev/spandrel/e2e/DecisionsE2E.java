package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy says is what the kernel decides, on both backends: one agent, one server, one policy after the other; every request is counted all the same. */
final class DecisionsE2E {
    private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private final TestCgroup server = TestCgroup.make("answers");
    private final int port = Ports.free();
    private int sent;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void thePolicyDecides(String backend) {
        Path answers = Checkout.server("answers.py");
        server.start(directory.resolve("server.out"), List.of("python3", answers.toString(), "" + port));
        Ports.awaitListening(port);
        Policies policies = Policies.in(directory);
        policies.write("decisions", server, "sampling: {percent: 50}\n");
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies);
                HttpClient client = HttpClient.newHttpClient()) {
            agent.awaitSelected(1);
            Script script = new Script(agent, policies, client);

            script.expect(
                    "sampling: {percent: 0, keep: {errors: false}}", Set.of(), "/200/0/a", "/500/0/b", "/200/120/c");
            script.expect(
                    "sampling: {percent: 0, keep: {errors: true}}",
                    Set.of("/500/0/b", "/503/0/d"),
                    "/200/0/a",
                    "/500/0/b",
                    "/404/0/c",
                    "/503/0/d");
            script.expect(
                    "sampling: {percent: 0, keep: {errors: false, slowerThan: 100ms}}",
                    Set.of("/200/150/slow"),
                    "/200/0/a",
                    "/200/150/slow",
                    "/200/20/b");
            script.expect(
                    "sampling: {percent: 0, keep: {errors: false}}\nspans: {match: [{name: X-Debug, value: \"1\"}, {name: x-any}]}",
                    Set.of("/200/0/hit X-DEBUG:1", "/200/0/any x-any:whatever"),
                    "/200/0/hit X-DEBUG:1",
                    "/200/0/no x-debug:2",
                    "/200/0/longer x-debug:11",
                    "/200/0/any x-any:whatever",
                    "/200/0/other x-debugger:1");
            script.expect(
                    "spans: {create: HeaderPresent, headers: [traceparent, b3]}",
                    Set.of("/200/0/w3c traceparent:" + SAMPLED, "/200/0/b3 b3:0"),
                    "/200/0/none",
                    "/200/0/w3c traceparent:" + SAMPLED,
                    "/200/0/b3 b3:0",
                    "/500/0/error");
            script.expect(
                    "sampling: {percent: 0, honorParent: true, keep: {errors: false}}",
                    Set.of("/200/0/on traceparent:" + SAMPLED),
                    "/200/0/on traceparent:" + SAMPLED,
                    "/200/0/off traceparent:" + NOT_SAMPLED,
                    "/200/0/none");
            script.expect(
                    "sampling: {percent: 100, honorParent: true, keep: {errors: false}}",
                    Set.of("/200/0/on traceparent:" + SAMPLED, "/200/0/none"),
                    "/200/0/on traceparent:" + SAMPLED,
                    "/200/0/off traceparent:" + NOT_SAMPLED,
                    "/200/0/none");
            script.expect(
                    "sampling: {percent: 100, honorParent: false}",
                    Set.of("/200/0/off traceparent:" + NOT_SAMPLED),
                    "/200/0/off traceparent:" + NOT_SAMPLED);
            script.expect(
                    "spans: {create: Never, match: [{name: x-any}]}",
                    Set.of(),
                    "/200/0/a",
                    "/500/0/error",
                    "/200/0/any x-any:1",
                    "/200/0/on traceparent:" + SAMPLED);
            script.expect("enabled: false", Set.of(), "/200/0/off");
            sent--; // off: not even counted
            script.expect("sampling: {percent: 100}", Set.of("/200/0/end"), "/200/0/end");
            Await.until("exact counts", () -> agent.metric("http_server_request_duration_seconds_count", "") == sent);
            script.rateIsLimited();
        }
    }

    /** Requests are paths, each with an optional header "name:value" behind a space. */
    private final class Script {
        private final AgentProcess agent;
        private final Policies policies;
        private final HttpClient client;

        Script(AgentProcess agent, Policies policies, HttpClient client) {
            this.agent = agent;
            this.policies = policies;
            this.client = client;
        }

        /** Under this policy, of these requests just the kept ones become spans. */
        void expect(String spec, Set<String> kept, String... requests) {
            apply(spec);
            for (String request : requests) {
                send(request);
            }
            Await.until(
                    "every request counted or off",
                    () -> spec.startsWith("enabled: false")
                            || agent.metric("http_server_request_duration_seconds_count", "") == sent);
            Set<String> paths =
                    kept.stream().map(one -> one.split(" ")[0]).collect(Collectors.toCollection(TreeSet::new));
            Await.until(spec + " keeps " + paths, () -> paths().containsAll(paths));
            assertThat(paths()).as(spec).isEqualTo(paths);
        }

        void rateIsLimited() {
            apply("sampling: {percent: 100, maxSpansPerSecond: 5}");
            long start = System.nanoTime();
            for (int i = 0; i < 60; i++) {
                send("/200/0/" + i);
            }
            long seconds = (System.nanoTime() - start) / 1_000_000_000 + 2;
            Await.until(
                    "every request counted",
                    () -> agent.metric("http_server_request_duration_seconds_count", "") == sent);
            Await.until(
                    "kept ones and limited ones are all",
                    () -> agent.spans().size() + agent.metric("spandrel_exchanges_discarded_total", "rate_limited")
                            == 60);
            assertThat(agent.spans()).hasSizeBetween(5, (int) (5 * seconds));
        }

        private void apply(String spec) {
            long before = agent.generation();
            policies.write("decisions", server, spec + "\n");
            agent.awaitGenerationAfter(before);
            agent.forgetSpans();
        }

        private Set<String> paths() {
            return agent.spans().stream().map(Span::path).collect(Collectors.toCollection(TreeSet::new));
        }

        private void send(String request) {
            String[] parts = request.split(" ");
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + parts[0]))
                    .version(HttpClient.Version.HTTP_1_1);
            if (parts.length > 1) {
                String[] header = parts[1].split(":", 2);
                builder.header(header[0], header[1]);
            }
            try {
                client.send(builder.build(), HttpResponse.BodyHandlers.discarding());
                sent++;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(request, e);
            }
        }
    }
}
