package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real nodes of Elasticsearch and OpenSearch, and their clients in two languages: what clients say that they called is a span of a database, with its index and status. */
final class SearchE2E {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void elasticsearchSaysWhatItIs(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "elasticsearch")) {
            serve(all, "elasticsearch");
            all.client("python", PYTHON, "elasticsearch/client.py", "elasticsearch", all.port(), "python");
            all.client("go", BUILT + "/search-go", "elasticsearch", all.port(), "go");
            try (AgentProcess agent = all.trace(backend)) {
                List<String> called = called(all);
                Await.before(() -> agent.spans().size() >= 2 * called.size());
                assertThat(ServerAndClients.differences(agent, called, SearchE2E::line))
                        .as("lost, by reason: " + agent.lost())
                        .isEmpty();
                check(agent, agent.spans(), "elasticsearch");
                assertThat(agent.metric("spandrel_db_server_operation_duration_seconds_count", "elasticsearch"))
                        .isEqualTo(called.size());
                assertThat(agent.metric("http_server_request_duration_seconds_count", ""))
                        .isZero();
            }
        }
    }

    /** It does not: to the server's policy, which names no protocol, all of it is HTTP. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void opensearchIsKnownByItsPathsWhereItIsNamed(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "opensearch")) {
            serve(all, "opensearch");
            all.clientsAskFor("OPENSEARCH");
            all.client("python", PYTHON, "elasticsearch/client.py", "opensearchpy", all.port(), "python");
            all.client("go", BUILT + "/search-go", "opensearch", all.port(), "go");
            try (AgentProcess agent = all.trace(backend)) {
                List<String> called = called(all);
                List<String> known =
                        called.stream().filter(SearchE2E::hasItsPath).toList();
                Await.before(() -> agent.spans().size() >= called.size() + known.size());
                List<Span> clients = agent.spans(span -> span.kind() == Span.CLIENT && !isOfTheLibrary(span));
                assertThat(Differences.of(
                                "what clients called, and their spans",
                                known,
                                clients.stream().map(SearchE2E::line).toList()))
                        .as("lost, by reason: " + agent.lost())
                        .isEmpty();
                check(agent, agent.spans(span -> span.kind() == Span.CLIENT), "opensearch");
                assertThat(agent.spans(span -> span.kind() == Span.SERVER && !isOfTheLibrary(span)))
                        .hasSize(called.size())
                        .allSatisfy(
                                span -> assertThat(span.attribute("url.path")).startsWith("/"));
                assertThat(agent.metric("http_server_request_duration_seconds_count", ""))
                        .isEqualTo(
                                agent.spans(span -> span.kind() == Span.SERVER).size());
                assertThat(agent.metric("http_client_request_duration_seconds_count", ""))
                        .as("HTTP is not asked for")
                        .isZero();
            }
        }
    }

    /** Behind a gateway: what goes to it by HTTP/2. */
    @ParameterizedTest
    @CsvSource({"socklen,elasticsearch", "sysexit,elasticsearch", "socklen,opensearch", "sysexit,opensearch"})
    void likewiseByHttp2(String backend, String kind) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "gateway")) {
            all.allAskFor(kind.toUpperCase(Locale.ROOT));
            int node = Ports.free();
            all.beside(kind, node, node(kind, node));
            all.serve("http2/gateway.sh", directory.toString(), all.port(), "" + node);
            all.client("go", "env", "HTTP2=on", BUILT + "/search-go", kind, all.port(), "go");
            try (AgentProcess agent = all.trace(backend)) {
                List<String> called = all.lines("go").stream()
                        .filter(line -> line.contains("\t"))
                        .toList();
                assertThat(called).hasSizeGreaterThan(200).contains("get\tgo\t200", "search\tgo\t200");
                Await.before(() -> agent.spans(span -> !isOfTheLibrary(span)).size() >= 2 * called.size());
                for (int side : List.of(Span.SERVER, Span.CLIENT)) {
                    assertThat(Differences.of(
                                    "what was called, and spans of kind " + side,
                                    called,
                                    agent.spans(span -> span.kind() == side && !isOfTheLibrary(span)).stream()
                                            .map(SearchE2E::line)
                                            .toList()))
                            .as("lost, by reason: " + agent.lost())
                            .isEmpty();
                }
                check(agent, agent.spans(), kind);
            }
        }
    }

    private void serve(ServerAndClients all, String kind) {
        all.serve(node(kind, Integer.parseInt(all.port())));
    }

    private String[] node(String kind, int port) {
        return new String[] {
            "elasticsearch/server.sh",
            kind,
            BUILT + "/" + kind,
            directory.resolve(kind).toString(),
            "" + port,
            "" + Ports.free()
        };
    }

    private static void check(AgentProcess agent, List<Span> spans, String system) {
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name")).isEqualTo(system);
            assertThat(span.attribute("url.full")).startsWith("http://127.0.0.1:");
            assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
            String status = span.attribute("db.response.status_code");
            List<String> may = new ArrayList<>(List.of(status.matches("[45].*") ? status : ""));
            if (span.name().equals("info")) {
                may.add("stream_reset"); // go-elasticsearch asks for itself, too, and may give the answer up unread
            }
            assertThat(span.attribute("error.type")).isIn(may);
        });
        assertThat(agent.metric("db_client_operation_duration_seconds_count", "db_system_name=\"" + system + "\""))
                .isEqualTo(spans.stream()
                        .filter(span -> span.kind() == Span.CLIENT)
                        .count());
    }

    /** NAME INDEX STATUS of each call. */
    private static List<String> called(ServerAndClients all) {
        List<String> called = Stream.of("python", "go")
                .flatMap(name -> all.lines(name).stream())
                .filter(line -> line.contains("\t"))
                .toList();
        assertThat(called).hasSizeGreaterThan(800).contains("get\tpython\t404", "search\tpython,python\t200");
        return called;
    }

    /** opensearch-go asks nodes how they are, beside what it is called for. */
    private static boolean isOfTheLibrary(Span span) {
        return (span.attribute("url.full") + span.attribute("url.path")).contains("/_nodes/_local/stats");
    }

    private static String line(Span span) {
        return span.attribute("db.operation.name") + "\t" + span.attribute("db.collection.name") + "\t"
                + span.attribute("db.response.status_code");
    }

    /** What is done to an index as a whole has a path that any API may have. */
    private static boolean hasItsPath(String called) {
        return !called.matches("(info|ping|indices\\.(create|exists|delete))\t.*");
    }
}
