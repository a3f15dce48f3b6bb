package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers of GraphQL in two languages and clients in three: what was asked for, where policies name it, and nothing more than HTTP where they do not. */
final class GraphqlE2E {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"socklen,python", "sysexit,python", "socklen,go", "sysexit,go"})
    void operationsAreSpans(String backend, String server) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "graphql")) {
            all.allAskFor("HTTP", "GRAPHQL");
            List<String> asked = asked(all, server);
            try (AgentProcess agent = all.trace(backend)) {
                List<String> lines = lines(all, asked);
                Await.before(() -> agent.spans().size() >= 2 * lines.size());
                assertThat(ServerAndClients.differences(agent, lines, GraphqlE2E::line))
                        .as("lost, by reason: " + agent.lost())
                        .isEmpty();
                assertThat(agent.lost()).as("lost, by reason").isEmpty();
                assertThat(agent.spans()).allSatisfy(span -> {
                    assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
                    assertThat(span.attribute("url.full") + span.attribute("url.path"))
                            .contains("/graphql");
                    assertThat(span.attribute("http.request.method")).isIn("GET", "POST");
                });
                assertThat(agent.metric("http_server_request_duration_seconds_count", ""))
                        .as("it is HTTP all the same")
                        .isEqualTo(lines.size());
            }
        }
    }

    /** By prior knowledge, and inside of TLS by ALPN: what is said by one connection at once. */
    @ParameterizedTest
    @CsvSource({"socklen,python", "sysexit,python", "socklen,go", "sysexit,go", "socklen,go-tls", "sysexit,go-tls"})
    void likewiseByHttp2(String backend, String server) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "graphql")) {
            all.allAskFor("HTTP", "GRAPHQL");
            List<String> environment = environment(server);
            boolean python = server.equals("python");
            String[] serving = python
                    ? new String[] {PYTHON, "graphql/server.py", all.port()}
                    : new String[] {BUILT + "/graphql", "server", all.port()};
            all.serve(with(environment, serving));
            // So that probes are on Node's own library before the client begins.
            all.heldClient(
                    "node",
                    List.of("node", "-e", "setTimeout(() => {}, 600000)"),
                    with(environment, "node", "graphql/client.js", all.port()));
            String other = python ? "python" : "go";
            all.client(
                    other,
                    python
                            ? with(environment, PYTHON, "graphql/http2.py", all.port())
                            : with(environment, BUILT + "/graphql", "client", all.port()));
            try (AgentProcess agent = all.trace(backend, one -> awaitProbes(one, environment))) {
                List<String> lines = lines(all, List.of(other, "node"));
                Await.before(() -> agent.spans().size() >= 2 * lines.size());
                assertThat(ServerAndClients.differences(agent, lines, GraphqlE2E::line))
                        .as("lost, by reason: " + agent.lost())
                        .isEmpty();
                assertThat(agent.lost()).as("lost, by reason").isEmpty();
                assertThat(agent.spans()).allSatisfy(span -> {
                    assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
                    assertThat(span.attribute("network.protocol.version")).isEqualTo("2");
                });
                assertThat(agent.metric("http_server_request_duration_seconds_count", "network_protocol_version=\"2\""))
                        .isEqualTo(lines.size());
            }
        }
    }

    private List<String> environment(String server) {
        if (!server.endsWith("-tls")) {
            return List.of("HTTP2=on");
        }
        Certificate.make(directory);
        return List.of("HTTP2=on", "TLS=" + directory);
    }

    private static void awaitProbes(AgentProcess agent, List<String> environment) {
        if (environment.size() > 1) Await.until("probes", () -> agent.metric("spandrel_tls_files", "") > 1);
    }

    private static String[] with(List<String> environment, String... command) {
        return Stream.of(Stream.of("env"), environment.stream(), Stream.of(command))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    /** Of a server whose policy does not name it all is HTTP, and of clients that ask for nothing else, nothing else is told. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void onlyWhereItIsNamed(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "graphql")) {
            all.clientsAskFor("GRAPHQL");
            List<String> asked = asked(all, "python");
            try (AgentProcess agent = all.trace(backend)) {
                List<String> lines = lines(all, asked);
                List<String> operations =
                        lines.stream().filter(line -> !line.startsWith("HTTP")).toList();
                Await.before(() -> agent.spans().size() >= lines.size() + operations.size());
                assertThat(Differences.of(
                                "what clients asked for, and their spans",
                                operations,
                                agent.spans(span -> span.kind() == Span.CLIENT).stream()
                                        .map(GraphqlE2E::line)
                                        .toList()))
                        .as("lost, by reason: " + agent.lost())
                        .isEmpty();
                assertThat(agent.spans(span -> span.kind() == Span.SERVER))
                        .hasSize(lines.size())
                        .allSatisfy(span -> assertThat(span.name()).isIn("GET", "POST"));
            }
        }
    }

    /** The clients that a server can answer. */
    private static List<String> asked(ServerAndClients all, String server) {
        if (server.equals("go")) {
            all.serve(BUILT + "/graphql", "server", all.port());
            all.client("go", BUILT + "/graphql", "client", all.port());
            all.client("node", "node", "graphql/client.js", all.port());
            return List.of("go", "node");
        }
        all.serve(PYTHON, "graphql/server.py", all.port());
        all.client("python", PYTHON, "graphql/client.py", all.port());
        all.client("node", "node", "graphql/client.js", all.port());
        return List.of("python", "node");
    }

    private static List<String> lines(ServerAndClients all, List<String> clients) {
        List<String> lines = clients.stream()
                .flatMap(name -> all.lines(name).stream())
                .filter(line -> line.contains("\t"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(200);
        assertThat(Stream.of("query\tBook\t", "mutation\tAdd\t"))
                .allSatisfy(start -> assertThat(lines).anyMatch(line -> line.startsWith(start)));
        return lines;
    }

    static String line(Span span) {
        if (span.name().equals(span.attribute("http.request.method"))) {
            return "HTTP\t\t";
        }
        return span.attribute("graphql.operation.type") + "\t" + span.attribute("graphql.operation.name") + "\t"
                + (span.attribute("error.type").equals("_OTHER") ? "error" : "");
    }
}
