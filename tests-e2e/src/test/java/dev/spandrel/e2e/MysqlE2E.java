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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real MariaDB and clients in three languages: every statement that its logs name is a span at both ends, with its outcome, and nothing is lost. */
final class MysqlE2E {
    private static final Path PROGRAMS = Checkout.ROOT.resolve("tests-e2e/programs");
    private static final String BUILT =
            Checkout.ROOT.resolve(".spandrel/programs").toString();
    private static final String SECRET = "s3cr3t";

    private final TestCgroup server = TestCgroup.make("mysql");
    private final Map<String, TestCgroup> clients = new LinkedHashMap<>();
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        // The server gives up being root, and has to come to its files.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        run(server, "mysql/server.sh", files().toString(), "" + port);
        Ports.awaitListening(port);
        assertThat(run(
                                server,
                                "mariadb",
                                "-h127.0.0.1",
                                "-P" + port,
                                "-uroot",
                                "--skip-ssl",
                                "-e",
                                "create database shop")
                        .waitFor())
                .isZero();
    }

    @AfterEach
    void stop() {
        clients.values().forEach(TestCgroup::close);
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyStatementIsASpanAtBothEnds(String backend) throws Exception {
        int before = MysqlLog.asked(files().resolve("asked.log")).size();
        Policies policies = Policies.in(directory);
        policies.write("server", server, "roles: [Server]");
        Map<String, List<String>> commands = Map.of(
                "mariadb", List.of("mysql/mariadb.sh", "" + port),
                "pymysql", List.of(BUILT + "/python/bin/python", "mysql/client.py", "" + port),
                "go", List.of(BUILT + "/go", "mysql", "" + port));
        for (String name : commands.keySet()) {
            clients.put(name, TestCgroup.make(name));
            run(clients.get(name), "sleep", "600");
            policies.write(name, clients.get(name), "roles: [Client]");
        }
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(1 + commands.size());
            for (var command : commands.entrySet()) {
                Process client =
                        run(clients.get(command.getKey()), command.getValue().toArray(String[]::new));
                assertThat(client.waitFor())
                        .as(command.getKey() + "; see " + log())
                        .isZero();
            }
            compare(agent, before);
        }
    }

    private void compare(AgentProcess agent, int before) {
        List<String> failed = MysqlLog.failed(files().resolve("failed.log"));
        List<String> asked = new ArrayList<>(MysqlLog.asked(files().resolve("asked.log")));
        asked.subList(0, before).clear();
        // The server does not log what it could not prepare among what it was asked.
        asked.add("shop select nothing from nowhere");
        assertThat(asked.remove("shop select ?"))
                .as("on a compressed connection")
                .isTrue();
        Await.before(() -> agent.spans().size() >= 2 * asked.size());
        assertThat(asked).as("statements").hasSizeGreaterThan(150);
        assertThat(failed).as("failures").hasSize(6).contains("1062 insert into go values (?)");
        List<String> differences = new ArrayList<>();
        for (int kind : List.of(Span.SERVER, Span.CLIENT)) {
            List<Span> spans = agent.spans(span -> span.kind() == kind);
            differences.addAll(Differences.of(
                    "the log and the spans of kind " + kind,
                    asked,
                    spans.stream()
                            .map(span -> span.attribute("db.namespace") + " " + text(span))
                            .toList()));
            differences.addAll(Differences.of(
                    "the log of failures and the spans of kind " + kind,
                    failed,
                    spans.stream()
                            .filter(span ->
                                    !span.attribute("db.response.status_code").isEmpty())
                            .map(span -> span.attribute("db.response.status_code") + " " + text(span))
                            .toList()));
        }
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.metric("spandrel_connections_total", "spandrel_reason=\"compressed\""))
                .isEqualTo(2);
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name")).isEqualTo("mysql");
            assertThat(span.attributes().toString()).doesNotContain(SECRET);
        });
        assertThat(agent.spans(span -> span.attribute("db.query.text").contains("seq_1_to_500")))
                .hasSize(2)
                .allSatisfy(span -> {
                    assertThat(span.name()).isEqualTo("SELECT seq_1_to_500");
                    assertThat(span.attribute("db.response.returned_rows")).isEqualTo("500");
                });
        for (String metric : List.of("db_client_operation_duration", "spandrel_db_server_operation_duration")) {
            assertThat(agent.metric(metric + "_seconds_count", "db_system_name=\"mysql\""))
                    .as(metric)
                    .isEqualTo(asked.size());
        }
    }

    private static String text(Span span) {
        return MysqlLog.sanitized(span.attribute("db.query.text"));
    }

    private Process run(TestCgroup cgroup, String... command) {
        return cgroup.start(PROGRAMS, Optional.empty(), log(), List.of(command));
    }

    private Path files() {
        return directory.resolve("mysql");
    }

    private Path log() {
        return directory.resolve("programs.out");
    }
}
