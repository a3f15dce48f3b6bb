package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.JAVA;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gRPC's own interop server, and clients of several stacks: every call that either side says it had is a span with its outcome, and nothing is lost. */
@Tag(OtherKernel.TAG)
final class GrpcE2E {
    private static final Pattern CALL = Pattern.compile("[\\w.]+/\\w+ [A-Z_]+");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyCallIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "grpc")) {
            all.serve(BUILT + "/grpc", "server", all.port());
            all.client("go", BUILT + "/grpc", "client", all.port());
            all.client("load", BUILT + "/grpc", "load", all.port(), "1000", "100");
            all.client("python", PYTHON, "grpc/client.py", all.port());
            all.client("java", JAVA, "-cp", BUILT + "/grpc-java/*", "grpc-java/Client.java", all.port());
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, all, "go", "load", "python", "java");
            }
        }
    }

    /** HTTP/2 by ALPN; the programs are one file, so whoever comes later has its probes already. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void throughTlsTheSameIsSeen(String backend) throws Exception {
        Certificate.make(directory);
        try (ServerAndClients all = ServerAndClients.in(directory, "grpc")) {
            all.serve("env", "TLS=" + directory, BUILT + "/grpc", "server", all.port());
            all.client("go", "env", "TLS=on", BUILT + "/grpc", "client", all.port());
            all.client("load", "env", "TLS=on", BUILT + "/grpc", "load", all.port(), "1000", "100");
            try (AgentProcess agent = all.trace(backend, GrpcE2E::awaitProbes)) {
                compare(agent, all, "go", "load");
                assertThat(agent.metric("spandrel_connections_total", "spandrel_reason=\"decrypted\""))
                        .isPositive();
            }
        }
    }

    private static void awaitProbes(AgentProcess agent) {
        Await.until("probes", () -> agent.metric("spandrel_tls_files", "") > 0);
    }

    private static void compare(AgentProcess agent, ServerAndClients all, String... clients) {
        List<String> asked =
                Stream.of(clients).flatMap(name -> calls(all.lines(name))).toList();
        Await.before(() -> agent.spans().size() >= answered(all).size() + asked.size());
        List<String> answered = answered(all);
        assertThat(answered).hasSizeGreaterThan(1000);
        List<String> differences = new ArrayList<>();
        differences.addAll(
                Differences.of("the server's log and its spans", alike(answered), alike(seen(agent, Span.SERVER))));
        differences.addAll(Differences.of("the clients' logs and their spans", asked, seen(agent, Span.CLIENT)));
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.name()).isEqualTo(span.attribute("rpc.method"));
            assertThat(span.attribute("rpc.system.name")).isEqualTo("grpc");
            assertThat(span.attribute("server.port")).isEqualTo(all.port());
        });
        for (String metric : List.of("rpc_server_call_duration", "rpc_client_call_duration")) {
            assertThat(agent.metric(metric + "_seconds_count", "rpc_system_name=\"grpc\""))
                    .as(metric)
                    .isEqualTo(metric.contains("server") ? answered.size() : asked.size());
        }
    }

    /** Which of both sides' deadlines is over first is luck on the server's side. */
    private static List<String> alike(List<String> calls) {
        return calls.stream()
                .map(call -> call.replace("DEADLINE_EXCEEDED", "CANCELLED"))
                .toList();
    }

    private static List<String> seen(AgentProcess agent, int kind) {
        return agent.spans(span -> span.kind() == kind).stream()
                .map(span -> span.attribute("rpc.method") + " " + span.attribute("rpc.response.status_code"))
                .toList();
    }

    private static List<String> answered(ServerAndClients all) {
        return calls(all.lines("server")).toList();
    }

    private static Stream<String> calls(List<String> lines) {
        return lines.stream().filter(line -> CALL.matcher(line).matches());
    }
}
