package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.JAVA;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 by prior knowledge and by upgrade: Go's server and nginx, and curl, Node, Go and Java as clients: every request that either side says it had is a span with its status. */
@Tag(OtherKernel.TAG)
final class Http2E2E {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyRequestToGoIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "http2")) {
            all.serve(BUILT + "/grpc", "h2c", all.port());
            clients(all);
            all.client("go", BUILT + "/grpc", "get", all.port(), "200", "20");
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, all, () -> requests(all.lines("server")), List.of("curl", "node", "go"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyRequestToNginxIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "http2")) {
            all.serve("http2/nginx.sh", directory.toString(), all.port());
            clients(all);
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, all, this::accessed, List.of("curl", "node"));
            }
        }
    }

    /** A request that upgrades is one of HTTP/1 with status 101; what follows on its connection is HTTP/2. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void whatFollowsAnUpgradeIsSeen(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "http2")) {
            all.serve(BUILT + "/grpc", "h2c", all.port());
            all.client("curl", "http2/curl.sh", all.port(), "curl-upgrade", "--http2");
            all.client("java", JAVA, "http2/Upgrade.java", all.port());
            try (AgentProcess agent = all.trace(backend)) {
                List<String> asked = Stream.of("curl", "java")
                        .flatMap(name -> requests(all.lines(name)).stream())
                        .map(line -> line.contains("-upgrade/") ? line.replaceFirst("\\d+$", "101") : line)
                        .toList();
                assertThat(asked).hasSize(19 + 42).contains("GET /java/status/404 404", "GET /java/bytes/38000 200");
                Await.before(() -> agent.spans().size() >= 2 * asked.size());
                for (int kind : List.of(Span.SERVER, Span.CLIENT)) {
                    assertThat(Differences.of("what was asked and the spans of kind " + kind, asked, seen(agent, kind)))
                            .as("lost, by reason: " + agent.lost())
                            .isEmpty();
                }
                assertThat(agent.lost()).as("lost, by reason").isEmpty();
                assertThat(agent.spans()).allSatisfy(span -> {
                    assertThat(span.attribute("network.protocol.version"))
                            .isEqualTo(span.path().contains("-upgrade/") ? "1.1" : "2");
                    assertThat(span.attributes().toString()).doesNotContain(SECRET);
                });
            }
        }
    }

    private static void clients(ServerAndClients all) {
        all.client("curl", "http2/curl.sh", all.port());
        all.client("node", "node", "http2/client.js", all.port());
    }

    private static void compare(
            AgentProcess agent, ServerAndClients all, Supplier<List<String>> answered, List<String> clients) {
        List<String> asked = clients.stream()
                .flatMap(name -> requests(all.lines(name)).stream())
                .toList();
        Await.before(() -> agent.spans().size() >= answered.get().size() + asked.size());
        assertThat(asked).hasSizeGreaterThan(50).contains("GET /curl/status/404 404", "POST /node/bytes/10 200");
        List<String> differences = new ArrayList<>();
        differences.addAll(Differences.of("the server's log and its spans", answered.get(), seen(agent, Span.SERVER)));
        differences.addAll(Differences.of("the clients' logs and their spans", asked, seen(agent, Span.CLIENT)));
        assertThat(differences).as("lost, by reason: " + agent.lost()).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("network.protocol.version")).isEqualTo("2");
            assertThat(span.attributes().toString()).doesNotContain(SECRET);
        });
        assertThat(agent.metric("http_client_request_duration_seconds_count", "network_protocol_version=\"2\""))
                .isEqualTo(asked.size());
    }

    private List<String> accessed() {
        try {
            return Files.readAllLines(directory.resolve("access.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** METHOD PATH STATUS lines; curl says the whole address. */
    private static List<String> requests(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceFirst("http://[^/]*", ""))
                .filter(line -> line.matches("[A-Z]+ /\\S* \\d+"))
                .toList();
    }

    private static List<String> seen(AgentProcess agent, int kind) {
        return agent.spans(span -> span.kind() == kind).stream()
                .map(span -> String.join(
                        " ",
                        span.attribute("http.request.method"),
                        span.path(),
                        span.attribute("http.response.status_code")))
                .toList();
    }
}
