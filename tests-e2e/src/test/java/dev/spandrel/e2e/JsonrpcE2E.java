package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real server of JSON-RPC and clients in two languages: methods and error codes, as spans and figures of calls. */
final class JsonrpcE2E {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"socklen,python", "sysexit,python", "socklen,go", "sysexit,go"})
    void callsAreSpans(String backend, String server) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "jsonrpc")) {
            all.allAskFor("HTTP", "JSONRPC");
            if (server.equals("python")) {
                all.serve(PYTHON, "jsonrpc/server.py", all.port());
                all.client("python", PYTHON, "jsonrpc/client.py", all.port());
            } else {
                all.serve(BUILT + "/jsonrpc", "server", all.port());
            }
            all.client("go", BUILT + "/jsonrpc", "client", all.port());
            try (AgentProcess agent = all.trace(backend)) {
                List<String> called = called(all, server);
                Await.before(() -> agent.spans().size() >= 2 * called.size());
                assertThat(ServerAndClients.differences(agent, called, JsonrpcE2E::line))
                        .as("lost, by reason: " + agent.lost())
                        .isEmpty();
                assertThat(agent.lost()).as("lost, by reason").isEmpty();
                assertThat(agent.spans()).allSatisfy(span -> {
                    assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
                    assertThat(span.attribute("error.type")).isEqualTo(span.attribute("rpc.response.status_code"));
                });
                for (int kind : List.of(Span.SERVER, Span.CLIENT)) {
                    String side = kind == Span.SERVER ? "server" : "client";
                    List<Span> spans = agent.spans(span -> span.kind() == kind);
                    long calls = spans.stream().filter(JsonrpcE2E::isCall).count();
                    assertThat(agent.metric(
                                    "rpc_" + side + "_call_duration_seconds_count", "rpc_system_name=\"jsonrpc\""))
                            .isEqualTo(calls);
                    assertThat(agent.metric("http_" + side + "_request_duration_seconds_count", ""))
                            .isEqualTo(spans.size() - calls);
                }
            }
        }
    }

    /** By prior knowledge, and inside of TLS by ALPN. */
    @ParameterizedTest
    @CsvSource({"socklen,false", "sysexit,false", "socklen,true", "sysexit,true"})
    void likewiseByHttp2(String backend, boolean tls) throws Exception {
        if (tls) Certificate.make(directory);
        String inside = tls ? "TLS=" + directory : "PLAIN=on";
        try (ServerAndClients all = ServerAndClients.in(directory, "jsonrpc")) {
            all.allAskFor("JSONRPC");
            all.serve("env", inside, BUILT + "/jsonrpc", "server", all.port());
            all.client("go", "env", "HTTP2=on", inside, BUILT + "/jsonrpc", "client", all.port());
            try (AgentProcess agent = all.trace(backend, one -> awaitProbes(one, tls))) {
                List<String> called = called(all, "go");
                Await.before(() -> agent.spans().size() >= 2 * called.size());
                assertThat(ServerAndClients.differences(agent, called, JsonrpcE2E::line))
                        .as("lost, by reason: " + agent.lost())
                        .isEmpty();
                assertThat(agent.lost()).as("lost, by reason").isEmpty();
                assertThat(agent.spans()).allSatisfy(span -> {
                    assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
                    assertThat(span.attribute("network.protocol.version")).isEqualTo("2");
                });
                assertThat(agent.metric("rpc_server_call_duration_seconds_count", "rpc_system_name=\"jsonrpc\""))
                        .isEqualTo(called.size());
            }
        }
    }

    private static void awaitProbes(AgentProcess agent, boolean tls) {
        if (tls) Await.until("probes", () -> agent.metric("spandrel_tls_files", "") > 0);
    }

    private static List<String> called(ServerAndClients all, String server) {
        List<String> names = server.equals("python") ? List.of("python", "go") : List.of("go");
        List<String> called = names.stream()
                .flatMap(name -> all.lines(name).stream())
                .filter(line -> line.contains("\t"))
                .toList();
        assertThat(called).hasSizeGreaterThan(150).contains("Words.Echo\t", "Words.Fail\t4711");
        return called;
    }

    private static boolean isCall(Span span) {
        return span.attribute("rpc.system.name").equals("jsonrpc");
    }

    static String line(Span span) {
        return isCall(span)
                ? span.attribute("rpc.method") + "\t" + span.attribute("rpc.response.status_code")
                : "HTTP\t";
    }
}
