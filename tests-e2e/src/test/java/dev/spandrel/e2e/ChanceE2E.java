package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code decideBy: Chance} at both ends of keep-alive connections: as many spans as percent says, each of a real request and with its own parent; nothing is counted. */
@Tag(OtherKernel.TAG)
final class ChanceE2E {
    private static final String TRACE = "4bf92f3577b34da6a3";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final int CONNECTIONS = 4;

    private final TestCgroup servers = TestCgroup.make("servers");
    private final TestCgroup clients = TestCgroup.make("clients");
    private final int port = Ports.free();
    private final Map<String, Sent> sent = new HashMap<>();
    private Policies policies;
    private Sender sender;

    @TempDir
    Path directory;

    private record Sent(String method, int status, String traceId) {}

    @BeforeEach
    void start() {
        servers.start(
                directory.resolve("server.out"),
                List.of("python3", Checkout.server("answers.py").toString(), "" + port));
        Ports.awaitListening(port);
        sender = Sender.start(clients, port, CONNECTIONS);
        policies = Policies.in(directory);
    }

    @AfterEach
    void stop() {
        clients.close();
        servers.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void asManyAsPercentSays(String backend) {
        try (AgentProcess agent = started(backend, "sampling: {percent: 100, decideBy: Chance}")) {
            requests(240, "all");
            List<Span> all = spansBefore(agent, "sampling: {percent: 0, decideBy: Chance}");
            assertThat(paths(all, Span.SERVER)).containsExactlyInAnyOrderElementsOf(sent.keySet());
            assertThat(paths(all, Span.CLIENT)).containsExactlyInAnyOrderElementsOf(sent.keySet());

            requests(240, "none");
            assertThat(spansBefore(agent, "sampling: {percent: 30, decideBy: Chance}"))
                    .isEmpty();

            requests(2000, "some");
            List<Span> some = spansBefore(agent, "sampling: {percent: 0, decideBy: Chance}");
            for (int kind : List.of(Span.SERVER, Span.CLIENT)) {
                double deviation = Math.sqrt(sent.size() * 0.3 * 0.7);
                assertThat((double) paths(some, kind).size())
                        .as("of %d requests at 30 %%", sent.size())
                        .isBetween(sent.size() * 0.3 - 6 * deviation, sent.size() * 0.3 + 6 * deviation);
                assertThat(paths(some, kind)).doesNotHaveDuplicates();
            }
            assertThat(some)
                    .filteredOn(Span::isRoot)
                    .allMatch(span -> span.traceState().equals("ot=th:b3333333333333"));
            assertThat(agent.lost()).isEmpty();
        }
    }

    /** On the same connections, and while a request is under way on one of them: it stays with what was said when it began. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void whatDecidesMayChangeAtAnyTime(String backend) {
        String chance = "sampling: {percent: 100, decideBy: Chance}";
        String traceId = "sampling: {percent: 100, decideBy: TraceId}";
        int counted = 0;
        try (AgentProcess agent = started(backend, chance)) {
            for (int round = 0; round < CONNECTIONS; round++) {
                request("GET", "/200/0/" + round + "-chance", 0, "");
                switchDuring("/200/300/" + round + "-away", agent, traceId);
                request("GET", "/200/0/" + round + "-counted", 0, "");
                request("POST", "/404/0/" + round + "-counted-too", 4000, "");
                switchDuring("/200/300/" + round + "-back", agent, chance);
                counted += 3;
            }
            Await.until("all spans", () -> agent.spans().size() >= 2 * sent.size());
            check(agent.spans());
            assertThat(paths(agent.spans(), Span.SERVER)).containsExactlyInAnyOrderElementsOf(sent.keySet());
            assertThat(paths(agent.spans(), Span.CLIENT)).containsExactlyInAnyOrderElementsOf(sent.keySet());
            assertThat(counts(agent)).containsExactly(counted, counted);
            assertThat(agent.lost()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void requestsInBatchesAreDrawnForToo(String backend) {
        try (AgentProcess agent = started(backend, "sampling: {percent: 0, decideBy: Chance}")) {
            Sender batches = Sender.inBatches(clients, port);
            get(batches, "/200/0/none", 50);
            assertThat(spansBefore(agent, "sampling: {percent: 100, decideBy: Chance}"))
                    .isEmpty();
            sent.clear();
            get(batches, "/200/0/all", 50);
            assertThat(paths(spansBefore(agent, "sampling: {percent: 0}"), Span.CLIENT))
                    .containsExactlyInAnyOrderElementsOf(sent.keySet());
        }
    }

    private void get(Sender batches, String path, int count) {
        for (int i = 0; i < count; i++) {
            batches.get(path + i);
            sent.put(path + i, new Sent("GET", batches.status(), ""));
        }
    }

    private AgentProcess started(String backend, String spec) {
        List.of(servers, clients).forEach(cgroup -> policies.write(cgroup.name(), cgroup, spec + "\n"));
        AgentProcess agent = AgentProcess.standalone(directory, backend, policies);
        agent.awaitSelected(2);
        return agent;
    }

    private void apply(AgentProcess agent, String spec) {
        for (TestCgroup cgroup : List.of(servers, clients)) {
            long before = agent.generation();
            policies.write(cgroup.name(), cgroup, spec + "\n");
            agent.awaitGenerationAfter(before);
        }
    }

    private void switchDuring(String path, AgentProcess agent, String spec) {
        sender.send("GET", path, 0, "");
        apply(agent, spec);
        sent.put(path, new Sent("GET", sender.status(), ""));
    }

    /** Of every kind, and a third of them with a context. */
    private void requests(int count, String name) {
        sent.clear();
        for (int i = 0; sent.size() < count; i++) {
            String traceparent = i % 3 == 0
                    ? String.format("00-%s%014x-%s-00", TRACE, i * 0x9e3779b97f4aL & (1L << 56) - 1, PARENT)
                    : "";
            switch (i % 5) {
                case 0 -> request("GET", "/200/0/" + name + i, 0, traceparent);
                case 1 -> request("POST", "/201/0/" + name + i, 1, traceparent);
                case 2 -> request("POST", "/500/0/" + name + i, 100_000, traceparent);
                case 3 -> {
                    request("GET", "/404/0/relay/" + name + i, 0, traceparent);
                    sent.put("/404/0/" + name + i, new Sent("GET", 404, ""));
                }
                default -> request("GET", "/204/0/" + name + i, 0, traceparent);
            }
        }
    }

    private void request(String method, String path, int bodyBytes, String traceparent) {
        sender.send(method, path, bodyBytes, traceparent);
        sent.put(path, new Sent(method, sender.status(), traceparent.isEmpty() ? "" : traceparent.substring(3, 35)));
    }

    /** All spans of what was sent: everything is kept for one more request, whose spans come last; then the next policy holds. */
    private List<Span> spansBefore(AgentProcess agent, String next) {
        assertThat(counts(agent)).as("nothing is counted").containsOnly(0);
        apply(agent, "sampling: {percent: 100}\nmetrics: {enabled: false}");
        sender.send("GET", "/200/0/last", 0, "");
        assertThat(sender.status()).isEqualTo(200);
        for (int kind : List.of(Span.SERVER, Span.CLIENT)) {
            agent.awaitSpan(
                    "the last request",
                    span -> span.kind() == kind && span.path().equals("/200/0/last"));
        }
        List<Span> spans = agent.spans(span -> !span.path().equals("/200/0/last"));
        check(spans);
        apply(agent, next);
        agent.forgetSpans();
        return spans;
    }

    private void check(List<Span> spans) {
        assertThat(spans).allSatisfy(span -> {
            Sent request = sent.get(span.path());
            assertThat(request).as(span.path()).isNotNull();
            assertThat(span.attribute("http.request.method")).isEqualTo(request.method);
            assertThat(span.attribute("http.response.status_code")).isEqualTo("" + request.status);
            assertThat(span.parentSpanId()).isEqualTo(request.traceId.isEmpty() ? "" : PARENT);
            assertThat(span.traceId()).contains(request.traceId);
        });
    }

    private static List<String> paths(List<Span> spans, int kind) {
        return spans.stream()
                .filter(span -> span.kind() == kind)
                .map(Span::path)
                .collect(Collectors.toList());
    }

    /** Of servers and of clients. */
    private static List<Integer> counts(AgentProcess agent) {
        return IntStream.of((int) agent.metric("http_server_request_duration_seconds_count", ""), (int)
                        agent.metric("http_client_request_duration_seconds_count", ""))
                .boxed()
                .toList();
    }
}
