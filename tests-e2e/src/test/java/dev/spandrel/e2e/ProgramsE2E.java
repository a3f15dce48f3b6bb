package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each real server against each real client, both ends traced: method, path and status of every exchange agree with what the server and the client themselves
 * wrote down, as often as they did, and nothing is counted as lost.
 */
final class ProgramsE2E {
    /** libssl, Node's own OpenSSL, and a Go program. */
    private static final int TLS_FILES = 3;

    private final Map<Programs.Server, ProgramRun> servers = new LinkedHashMap<>();
    private final Map<Programs.Client, ProgramRun> clients = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private List<Programs.Server> serving = List.of();
    private List<Programs.Client> asking = List.of();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        Stream.of(clients, servers).flatMap(all -> all.values().stream()).forEach(ProgramRun::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyExchangeIsWhatBothEndsSayItWas(String backend) throws Exception {
        compare(backend, Programs.SERVERS, Programs.CLIENTS, false);
    }

    /** OpenSSL on sockets and on memory, linked dynamically and statically, and Go's own, each against each. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void throughTlsTheSameIsSeen(String backend) throws Exception {
        compare(backend, Programs.TLS_SERVERS, Programs.TLS_CLIENTS, true);
    }

    private void compare(
            String backend, List<Programs.Server> theServers, List<Programs.Client> theClients, boolean encrypted)
            throws Exception {
        serving = theServers;
        asking = theClients;
        Policies policies = Policies.in(directory);
        startServers(policies);
        for (Programs.Client client : asking) {
            ProgramRun run = new ProgramRun(directory, "client", client.name());
            clients.put(client, run);
            run.cgroup().start(directory.resolve("holder.out"), List.of("sleep", "600"));
            policies.write("client-" + client.name(), run.cgroup(), "roles: [Client]");
        }
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(serving.size() + asking.size());
            if (encrypted) Await.until("probes", () -> agent.metric("spandrel_tls_files", "") >= TLS_FILES);
            askAll();
            compare(agent);
            assertThat(agent.spans(span -> span.kind() == Span.SERVER))
                    .allSatisfy(
                            span -> assertThat(span.attribute("url.scheme")).isEqualTo(encrypted ? "https" : "http"));
            assertThat(agent.spans())
                    .allSatisfy(span ->
                            assertThat(span.attribute("network.peer.address")).isEqualTo("127.0.0.1"));
        }
    }

    private void startServers(Policies policies) throws IOException {
        Path files = Files.createDirectories(directory.resolve("files"));
        for (int size : Plan.FILES) {
            Files.write(files.resolve("" + size), new byte[size]);
        }
        Certificate.make(files);
        serving.forEach(server -> ports.put(server.name(), Ports.free()));
        for (Programs.Server server : serving) {
            ProgramRun run = new ProgramRun(directory, "server", server.name());
            servers.put(server, run);
            String upstream =
                    server.upstream().map(ports::get).map(String::valueOf).orElse("");
            run.serve(
                    server.command(),
                    Map.of("PORT", "" + ports.get(server.name()), "UPSTREAM", upstream, "FILES", files.toString()));
            policies.write(
                    "server-" + server.name(),
                    run.cgroup(),
                    server.upstream().isPresent() ? "roles: [Server, Client]" : "roles: [Server]");
        }
        ports.values().forEach(Ports::awaitListening);
    }

    /** All at once, so that each server has several stacks to answer at a time. */
    private void askAll() throws IOException, InterruptedException {
        Map<Programs.Client, Process> running = new LinkedHashMap<>();
        for (Programs.Client client : asking) {
            Path plan = Files.write(directory.resolve("plan-" + client.name()), plan(client));
            running.put(client, clients.get(client).ask(client.command(), plan));
        }
        for (Programs.Client client : asking) {
            ProgramRun run = clients.get(client);
            assertThat(running.get(client).waitFor()).as(run.output()).isZero();
            assertThat(Differences.of(
                            "plan and log of " + client.name(), Plan.outcome(client, plan(client)), run.logged()))
                    .isEmpty();
        }
    }

    private List<String> plan(Programs.Client client) {
        return serving.stream()
                .flatMap(server -> Plan.of(client, server, ports.get(server.name())).stream())
                .toList();
    }

    private void compare(AgentProcess agent) {
        List<String> asked = logged(clients.values());
        List<String> handedOn = asked.stream().filter(this::isProxied).toList();
        Await.before(() -> logged(servers.values()).size() >= asked.size() + handedOn.size());
        List<String> differences = new ArrayList<>();
        int spans = 2 * (asked.size() + handedOn.size());
        Await.before(() -> agent.spans().size() >= spans);
        servers.forEach((server, run) -> {
            String name = "server " + server.name();
            List<String> log = run.logged();
            differences.addAll(Differences.of(name + ", its log and its spans", log, seen(agent, run, Span.SERVER)));
            differences.addAll(
                    Differences.of(name + ", its log and its clients'", through(server, log), through(server, asked)));
            List<String> upstream = server.upstream()
                    .map(behind -> through(server, servers.get(named(behind)).logged()))
                    .orElse(List.of());
            differences.addAll(Differences.of(
                    name + ", its upstream's log and its client spans", upstream, seen(agent, run, Span.CLIENT)));
        });
        clients.forEach((client, run) -> differences.addAll(Differences.of(
                "client " + client.name() + ", its log and its spans", run.logged(), seen(agent, run, Span.CLIENT))));
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans()).as("nothing else was taken for a request").hasSize(spans);
        assertThat(agent.metric("http_server_request_duration_seconds_count", ""))
                .isEqualTo(spans / 2);
        assertThat(agent.metric("http_client_request_duration_seconds_count", ""))
                .isEqualTo(spans / 2);
    }

    private boolean isProxied(String line) {
        return serving.stream()
                .anyMatch(server -> server.upstream().isPresent() && line.contains(" /" + server.name() + "."));
    }

    /** Those that a client sent to this server. */
    private static List<String> through(Programs.Server server, List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains(" /" + server.name() + "."))
                .toList();
    }

    private Programs.Server named(String name) {
        return serving.stream()
                .filter(server -> server.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> seen(AgentProcess agent, ProgramRun run, int kind) {
        return agent
                .spans(span -> span.kind() == kind
                        && run.cgroup().name().equals(span.resource().get("service.name")))
                .stream()
                .map(span -> String.join(
                        " ",
                        span.attribute("http.request.method"),
                        span.path(),
                        span.attribute("http.response.status_code")))
                .toList();
    }

    private static List<String> logged(Collection<ProgramRun> runs) {
        return runs.stream().flatMap(run -> run.logged().stream()).toList();
    }
}
