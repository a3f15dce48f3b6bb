package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every golden conversation, in both roles, whole and split at every byte, gives exactly its spans, in order, and exactly as many counts. */
@Tag(OtherKernel.TAG)
final class FramingE2E {
    private static final Path FRAMING = Checkout.framing();

    private final TestCgroup servers = TestCgroup.make("servers");
    private final TestCgroup clients = TestCgroup.make("clients");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        clients.close();
        servers.close();
    }

    static Stream<Arguments> backendsAndSplits() {
        return Stream.of("socklen", "sysexit")
                .flatMap(backend -> Stream.of(0, 1, 7).map(split -> Arguments.of(backend, split)));
    }

    @ParameterizedTest(name = "{0}, {1} bytes per call")
    @MethodSource("backendsAndSplits")
    void conversationsGiveTheirSpans(String backend, int split) throws Exception {
        Policies policies = Policies.in(directory);
        policies.write("servers", servers, "roles: [Server]\n");
        policies.write("clients", clients, "roles: [Client]\n");
        List<Conversation> conversations = Conversation.all(FRAMING, split);
        int expected =
                conversations.stream().mapToInt(one -> one.spans().size()).sum();
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            List.of(servers, clients)
                    .forEach(cgroup -> cgroup.start(directory.resolve("holder.out"), List.of("sleep", "120")));
            agent.awaitSelected(2);
            play(split, clients);
            Await.before(() -> agent.spans().size() >= 2 * expected);
            List<String> differences = new ArrayList<>();
            for (Conversation one : conversations) {
                differences.addAll(prefixed(
                        "server ", one.differences(split, agent.spans(span -> span.kind() == Span.SERVER))));
                differences.addAll(prefixed(
                        "client ", one.differences(split, agent.spans(span -> span.kind() == Span.CLIENT))));
            }
            assertThat(differences).isEmpty();
            assertThat(agent.lost()).as("lost, by reason").isEqualTo(lost(conversations));
            assertThat(agent.spans()).as("nothing else was taken for a request").hasSize(2 * expected);
            assertThat(agent.metric("http_server_request_duration_seconds_count", ""))
                    .isEqualTo(expected);
            assertThat(agent.metric("http_client_request_duration_seconds_count", ""))
                    .isEqualTo(expected);
        }
    }

    /** Both ends in one cgroup whose policy asks for one role: the other is neither a span nor a count. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void onlyTheRolesAskedForAreTraced(String backend) throws Exception {
        Policies policies = Policies.in(directory);
        policies.write("servers", servers, "roles: [Client]\n");
        int expected = Conversation.all(FRAMING, 0).stream()
                .mapToInt(one -> one.spans().size())
                .sum();
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            servers.start(directory.resolve("holder.out"), List.of("sleep", "120"));
            agent.awaitSelected(1);
            play(0, servers);
            Await.until("all client spans", () -> agent.spans().size() >= expected);
            assertThat(agent.spans()).hasSize(expected).allMatch(span -> span.kind() == Span.CLIENT);
            Await.until(
                    "all client counts",
                    () -> agent.metric("http_client_request_duration_seconds_count", "") == expected);
            assertThat(agent.metric("http_server_request_duration_seconds_count", ""))
                    .isZero();
        }
    }

    /** At both ends together. */
    private static Map<String, Integer> lost(List<Conversation> conversations) {
        return conversations.stream()
                .flatMap(one -> one.lost().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, loss -> 2 * loss.getValue(), Integer::sum));
    }

    private static List<String> prefixed(String role, List<String> differences) {
        return differences.stream().map(difference -> role + difference).toList();
    }

    private void play(int split, TestCgroup clients) throws InterruptedException {
        int port = Ports.free();
        Process server = servers.start(directory.resolve("server.out"), scripted("server", port, split));
        Await.until("the scripted server listens", () -> listening(port));
        Process client = clients.start(directory.resolve("client.out"), scripted("client", port, split));
        assertThat(client.waitFor()).isZero();
        assertThat(server.waitFor()).isZero();
    }

    /** Looks without connecting: the server counts its connections. */
    private static boolean listening(int port) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/tcp"))) {
            String local = String.format("0100007F:%04X", port);
            return lines.map(String::strip)
                    .map(line -> line.split(" +"))
                    .anyMatch(fields -> fields[1].equals(local) && fields[3].equals("0A"));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> scripted(String end, int port, int split) {
        return List.of(
                "python3", Checkout.server("scripted.py").toString(), end, "" + port, FRAMING.toString(), "" + split);
    }
}
