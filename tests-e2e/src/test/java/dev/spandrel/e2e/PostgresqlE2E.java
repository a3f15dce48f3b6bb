package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PostgreSQL and clients in three languages: every statement that its log names is a span at both ends, with its outcome, and nothing is lost. */
@Tag(OtherKernel.TAG)
final class PostgresqlE2E {
    private static final Path PROGRAMS = Checkout.ROOT.resolve("tests-e2e/programs");
    private static final String BUILT =
            Checkout.ROOT.resolve(".spandrel/programs").toString();
    private static final String SECRET = "s3cr3t";

    private final TestCgroup server = TestCgroup.make("postgresql");
    private final Map<String, TestCgroup> clients = new LinkedHashMap<>();
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @BeforeEach
    void prepare() throws IOException {
        // The server will not run as root, and has to come to its files.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void stop() {
        clients.values().forEach(TestCgroup::close);
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyStatementIsASpanAtBothEnds(String backend) throws Exception {
        run(server, "postgresql/server.sh", files().toString(), "" + port);
        askAndCompare(backend, Map.of());
    }

    /** Each client goes over to TLS by itself where the server offers it. Whose library nobody has run yet has it loaded before. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void throughTlsTheSameIsSeen(String backend) throws Exception {
        Certificate.make(directory);
        run(server, "postgresql/server.sh", files().toString(), "" + port, directory.toString());
        askAndCompare(
                backend,
                Map.of(
                        "psycopg",
                        List.of(BUILT + "/python/bin/python", "-c", "import psycopg, time; time.sleep(600)"),
                        "pgx",
                        List.of(BUILT + "/go", "server", "" + Ports.free())));
    }

    /** `holders` are what keeps a client's cgroup alive, and its TLS library mapped; without one the connections are plain text. */
    private void askAndCompare(String backend, Map<String, List<String>> holders) throws Exception {
        Ports.awaitListening(port);
        Policies policies = Policies.in(directory);
        policies.write("server", server, "roles: [Server]");
        Map<String, List<String>> commands = Map.of(
                "psql", List.of("postgresql/psql.sh", "" + port),
                "psycopg", List.of(BUILT + "/python/bin/python", "postgresql/client.py", "" + port),
                "pgx", List.of(BUILT + "/go", "postgresql", "" + port));
        for (String name : commands.keySet()) {
            clients.put(name, TestCgroup.make(name));
            run(
                    clients.get(name),
                    holders.getOrDefault(name, List.of("sleep", "600")).toArray(String[]::new));
            policies.write(name, clients.get(name), "roles: [Client]");
        }
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(1 + commands.size());
            // The server's library and those of the holders.
            if (!holders.isEmpty())
                Await.until("probes", () -> agent.metric("spandrel_tls_files", "") > holders.size());
            for (var command : commands.entrySet()) {
                Process client =
                        run(clients.get(command.getKey()), command.getValue().toArray(String[]::new));
                assertThat(client.waitFor())
                        .as(command.getKey() + "; see " + log())
                        .isZero();
            }
            compare(agent);
            double read = agent.metric("spandrel_connections_total", "spandrel_reason=\"decrypted\"");
            assertThat(read > 0).isEqualTo(!holders.isEmpty());
        }
    }

    private void compare(AgentProcess agent) {
        Await.before(() -> agent.spans().size() >= 2 * logged().size());
        List<String> logged = logged();
        assertThat(logged).as("statements").hasSizeGreaterThan(200).contains("57014 select pg_sleep(?)");
        List<String> differences = new ArrayList<>();
        differences.addAll(Differences.of("the log and the server's spans", logged, seen(agent, Span.SERVER)));
        differences.addAll(Differences.of("the log and the clients' spans", logged, seen(agent, Span.CLIENT)));
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name")).isEqualTo("postgresql");
            assertThat(span.attribute("db.namespace")).isEqualTo("postgres");
            assertThat(span.attributes().toString()).doesNotContain(SECRET);
        });
        assertThat(agent.spans(span -> span.attribute("db.query.text").contains("generate_series")))
                .hasSize(2)
                .allSatisfy(span -> {
                    assertThat(span.name()).isEqualTo("SELECT generate_series");
                    assertThat(span.attribute("db.response.returned_rows")).isEqualTo("500");
                });
        for (String metric : List.of("db_client_operation_duration", "spandrel_db_server_operation_duration")) {
            assertThat(agent.metric(metric + "_seconds_count", "db_system_name=\"postgresql\""))
                    .as(metric)
                    .isEqualTo(logged.size());
        }
    }

    /** What the server says it did and what failed: STATE STATEMENT, without literals. */
    private List<String> logged() {
        return PostgresqlLog.statements(files().resolve("log.json"));
    }

    private static List<String> seen(AgentProcess agent, int kind) {
        return agent.spans(span -> span.kind() == kind).stream()
                .map(span -> (span.attribute("db.response.status_code").isEmpty()
                                ? "00000"
                                : span.attribute("db.response.status_code"))
                        + " "
                        + span.attribute("db.query.text"))
                .toList();
    }

    private Process run(TestCgroup cgroup, String... command) {
        return cgroup.start(PROGRAMS, Optional.empty(), log(), List.of(command));
    }

    private Path files() {
        return directory.resolve("postgresql");
    }

    private Path log() {
        return directory.resolve("programs.out");
    }
}
