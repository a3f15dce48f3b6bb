package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FerretDB and drivers in two languages: every command that a driver says was answered is a span at both ends, with its outcome, on connections that were there before. */
final class MongodbE2E {
    private static final Path PROGRAMS = Checkout.ROOT.resolve("tests-e2e/programs");
    private static final String BUILT =
            Checkout.ROOT.resolve(".spandrel/programs").toString();
    private static final String SECRET = "s3cr3t";
    /** What drivers do by themselves and say nothing of. */
    private static final Set<String> UNSAID = Set.of("hello", "isMaster", "ismaster", "endSessions");

    private final TestCgroup server = TestCgroup.make("mongodb");
    private final TestCgroup proxy = TestCgroup.make("segments");
    private final Map<String, TestCgroup> clients = new LinkedHashMap<>();
    private final int port = Ports.free();
    private final int slow = Ports.free();

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        run(server, "mongodb/server.sh", BUILT, directory.resolve("ferretdb").toString(), "" + port);
        Ports.awaitListening(port);
        run(proxy, BUILT + "/python/bin/python", "segments/proxy.py", "" + slow, "" + port);
        Ports.awaitListening(slow);
    }

    @AfterEach
    void stop() {
        clients.values().forEach(TestCgroup::close);
        proxy.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyCommandIsASpanAtBothEnds(String backend) throws Exception {
        Policies policies = Policies.in(directory);
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("pymongo", List.of(BUILT + "/python/bin/python", "mongodb/client.py", "" + port, "python"));
        commands.put("slow", List.of(BUILT + "/python/bin/python", "mongodb/client.py", "" + slow, "slow"));
        commands.put("go", List.of(BUILT + "/go", "mongodb", "" + port, "go"));
        List<Talk> talks = new ArrayList<>();
        for (var command : commands.entrySet()) {
            clients.put(command.getKey(), TestCgroup.make(command.getKey()));
            talks.add(Talk.with(clients.get(command.getKey()).converse(PROGRAMS, command.getValue())));
        }
        talks.forEach(talk -> talk.await("connected"));
        policies.write("server", server, "roles: [Server]");
        for (var client : clients.entrySet()) {
            policies.write(client.getKey(), client.getValue(), "roles: [Client]");
        }
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(1 + commands.size());
            List<String> said = new ArrayList<>();
            for (Talk talk : talks) {
                said.addAll(talk.goOn());
            }
            compare(
                    agent,
                    said.stream()
                            .filter(line -> !UNSAID.contains(line.split(" ")[0]))
                            .toList());
        }
    }

    private void compare(AgentProcess agent, List<String> said) {
        Await.before(() -> seen(agent, Span.SERVER).size() >= said.size()
                && seen(agent, Span.CLIENT).size() >= said.size());
        assertThat(said)
                .as("commands")
                .hasSizeGreaterThan(1000)
                .contains("insert python things 11000", "noSuchCommand python - 59");
        List<String> differences = new ArrayList<>();
        differences.addAll(Differences.of("the drivers and the server's spans", said, seen(agent, Span.SERVER)));
        differences.addAll(Differences.of("the drivers and the clients' spans", said, seen(agent, Span.CLIENT)));
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.metric("spandrel_connections_total", "guessed_wrong")).isZero();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name")).isEqualTo("mongodb");
            assertThat(span.attribute("db.query.text")).isEmpty();
            assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
        });
        assertThat(agent.spans(span -> span.attribute("db.response.status_code").equals("11000")))
                .hasSize(6)
                .allSatisfy(span -> assertThat(span.attribute("error.type")).isEqualTo("11000"));
        assertThat(agent.spans(span -> span.name().equals("find things"))).isNotEmpty();
        for (String metric : List.of("db_client_operation_duration", "spandrel_db_server_operation_duration")) {
            for (String operation : List.of("find", "getMore", "insert")) {
                assertThat(agent.metric(metric + "_seconds_count", "db_operation_name=\"" + operation + "\""))
                        .as(metric + " of " + operation)
                        .isEqualTo(said.stream()
                                .filter(line -> line.startsWith(operation + " "))
                                .count());
            }
        }
    }

    /** COMMAND DATABASE COLLECTION CODE, as the drivers say it. */
    private static List<String> seen(AgentProcess agent, int kind) {
        return agent
                .spans(span -> span.kind() == kind && !UNSAID.contains(span.attribute("db.operation.name")))
                .stream()
                .map(span -> String.join(
                        " ",
                        span.attribute("db.operation.name"),
                        span.attribute("db.namespace"),
                        orDash(span.attribute("db.collection.name")),
                        orDash(span.attribute("db.response.status_code"))))
                .toList();
    }

    private static String orDash(String value) {
        return value.isEmpty() ? "-" : value;
    }

    private Process run(TestCgroup cgroup, String... command) {
        return cgroup.start(PROGRAMS, Optional.empty(), directory.resolve("programs.out"), List.of(command));
    }
}
