package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Through a proxy that cuts bytes at random, and pauses, what bodies say is seen as if nothing stood between, by HTTP/1 and HTTP/2; the oracle does the same with more. */
final class CutE2E {
    /** A server and a client before whose last argument, a port, all is said. */
    enum Case {
        GRAPHQL(GraphqlE2E::line, List.of(PYTHON, "graphql/server.py"), List.of(PYTHON, "graphql/client.py")),
        GRAPHQL_BY_HTTP2(
                GraphqlE2E::line,
                List.of("env", "HTTP2=on", PYTHON, "graphql/server.py"),
                List.of("env", "HTTP2=on", "node", "graphql/client.js")),
        JSONRPC(JsonrpcE2E::line, List.of(PYTHON, "jsonrpc/server.py"), List.of(PYTHON, "jsonrpc/client.py")),
        JSONRPC_BY_HTTP2(
                JsonrpcE2E::line,
                List.of(BUILT + "/jsonrpc", "server"),
                List.of("env", "HTTP2=on", BUILT + "/jsonrpc", "client"));

        private final Function<Span, String> line;
        private final List<String> server;
        private final List<String> client;

        Case(Function<Span, String> line, List<String> server, List<String> client) {
            this.line = line;
            this.server = server;
            this.client = client;
        }
    }

    @TempDir
    Path directory;

    static Stream<Arguments> cases() {
        return Stream.of("socklen", "sysexit")
                .flatMap(backend -> Stream.of(Case.values()).map(one -> Arguments.of(backend, one)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsCutIsSeenWhole(String backend, Case one) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "cut")) {
            all.allAskFor("HTTP", one.name().replaceFirst("_.*", ""));
            String door = "" + Ports.free();
            all.serve(with(one.server, all.port()));
            all.beside("proxy", Integer.parseInt(door), PYTHON, "segments/proxy.py", door, all.port(), "1", "pauses");
            all.client("client", with(one.client, door));
            try (AgentProcess agent = all.trace(backend)) {
                List<String> lines = all.lines("client").stream()
                        .filter(line -> line.contains("\t"))
                        .toList();
                assertThat(lines).hasSizeGreaterThan(150);
                Await.before(() -> agent.spans().size() >= 2 * lines.size());
                assertThat(ServerAndClients.differences(agent, lines, one.line))
                        .as("lost, by reason: " + agent.lost())
                        .isEmpty();
                assertThat(agent.lost()).as("lost, by reason").isEmpty();
                assertThat(agent.spans())
                        .allSatisfy(span ->
                                assertThat(span.name() + span.attributes()).doesNotContain(SECRET));
            }
        }
    }

    private static String[] with(List<String> command, String port) {
        return Stream.concat(command.stream(), Stream.of(port)).toArray(String[]::new);
    }
}
