package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gRPC's own interop server, and clients of several stacks: every call that either side says it had is a span with its outcome, and nothing is lost. */
final class GrpcE2E {
    private static final Path PROGRAMS = Checkout.ROOT.resolve("tests-e2e/programs");
    private static final String BUILT =
            Checkout.ROOT.resolve(".spandrel/programs").toString();
    private static final Pattern CALL = Pattern.compile("[\\w.]+/\\w+ [A-Z_]+");

    private final TestCgroup server = TestCgroup.make("grpc-server");
    private final Map<String, TestCgroup> clients = new LinkedHashMap<>();
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        clients.values().forEach(TestCgroup::close);
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyCallIsASpanAtBothEnds(String backend) throws Exception {
        run(server, "server", BUILT + "/grpc", "server", "" + port);
        Ports.awaitListening(port);
        Policies policies = Policies.in(directory);
        policies.write("server", server, "roles: [Server]");
        Map<String, List<String>> commands = Map.of(
                "go", List.of(BUILT + "/grpc", "client", "" + port),
                "load", List.of(BUILT + "/grpc", "load", "" + port, "1000", "100"));
        for (String name : commands.keySet()) {
            clients.put(name, TestCgroup.make("grpc-" + name));
            run(clients.get(name), "idle", "sleep", "600");
            policies.write(name, clients.get(name), "roles: [Client]");
        }
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(1 + commands.size());
            for (var command : commands.entrySet()) {
                Process client = run(
                        clients.get(command.getKey()),
                        command.getKey(),
                        command.getValue().toArray(String[]::new));
                assertThat(client.waitFor()).as(command.getKey()).isZero();
            }
            compare(agent, commands.keySet().stream().toList());
        }
    }

    private void compare(AgentProcess agent, List<String> names) {
        List<String> asked = new ArrayList<>();
        names.forEach(name -> asked.addAll(logged(name)));
        Await.before(() -> agent.spans().size() >= logged("server").size() + asked.size());
        assertThat(logged("server")).hasSizeGreaterThan(1000);
        List<String> differences = new ArrayList<>();
        differences.addAll(Differences.of(
                "the server's log and its spans", alike(logged("server")), alike(seen(agent, Span.SERVER))));
        differences.addAll(Differences.of("the clients' logs and their spans", asked, seen(agent, Span.CLIENT)));
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.name()).isEqualTo(span.attribute("rpc.method"));
            assertThat(span.attribute("rpc.system.name")).isEqualTo("grpc");
            assertThat(span.attribute("server.port")).isEqualTo("" + port);
        });
        for (String metric : List.of("rpc_server_call_duration", "rpc_client_call_duration")) {
            assertThat(agent.metric(metric + "_seconds_count", "rpc_system_name=\"grpc\""))
                    .as(metric)
                    .isEqualTo(metric.contains("server") ? logged("server").size() : asked.size());
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

    private List<String> logged(String name) {
        try (var lines = Files.lines(log(name))) {
            return lines.filter(line -> CALL.matcher(line).matches()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process run(TestCgroup cgroup, String name, String... command) {
        return cgroup.start(PROGRAMS, Optional.empty(), log(name), List.of(command));
    }

    private Path log(String name) {
        return directory.resolve(name + ".out");
    }
}
