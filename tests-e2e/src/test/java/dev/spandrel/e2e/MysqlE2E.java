package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real MariaDB and clients in three languages: every statement that its logs name is a span at both ends, with its outcome, and nothing is lost. */
@Tag(OtherKernel.TAG)
final class MysqlE2E {
    /** As the server's manual has them. */
    private static final Map<String, String> STATES =
            Map.of("1062", "23000", "1054", "42S22", "1064", "42000", "1146", "42S02");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyStatementIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "mysql")) {
            String port = all.port();
            all.serve("mysql/server.sh", files().toString(), port);
            all.prepare("mariadb", "-h127.0.0.1", "-P" + port, "-uroot", "--skip-ssl", "-e", "create database shop");
            all.midway("pymysql-midway", PYTHON, "mysql/client.py", port);
            all.midway("go-midway", BUILT + "/go", "mysql", port);
            int before = MysqlLog.asked(files().resolve("asked.log")).size();
            all.client("mariadb", "mysql/mariadb.sh", port);
            all.client("pymysql", PYTHON, "mysql/client.py", port);
            all.client("go", BUILT + "/go", "mysql", port);
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, before);
            }
        }
    }

    /** What a connection goes over to is left alone; inside of it the same is seen. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void tlsIsKnownForWhatItIs(String backend) throws Exception {
        Certificate.make(directory);
        try (ServerAndClients all = ServerAndClients.in(directory, "mysql")) {
            String port = all.port();
            all.serve("mysql/server.sh", files().toString(), port, directory.toString());
            all.prepare("mariadb", "-h127.0.0.1", "-P" + port, "-uroot", "--skip-ssl", "-e", "create database shop");
            all.client("pymysql", "env", "TLS=" + directory, PYTHON, "mysql/client.py", port);
            try (AgentProcess agent = all.trace(backend)) {
                Await.before(() -> connections(agent, "encrypted") >= 2);
                assertThat(connections(agent, "encrypted")).as("at both ends").isEqualTo(2);
                assertThat(connections(agent, "guessed_wrong")).isZero();
                assertThat(agent.lost()).as("lost, by reason").isEmpty();
                assertThat(agent.spans())
                        .allSatisfy(span ->
                                assertThat(span.attribute("db.query.text")).matches("|(create|insert|select|SET) .*"));
            }
        }
    }

    private static double connections(AgentProcess agent, String reason) {
        return agent.metric("spandrel_connections_total", "spandrel_reason=\"" + reason + "\"");
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
        asked.replaceAll(MysqlE2E::known);
        Await.before(() -> agent.spans().size() >= 2 * asked.size());
        assertThat(asked).as("statements").hasSizeGreaterThan(150);
        assertThat(failed).as("failures").hasSize(7).contains("1062 insert into go values (?)");
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
        assertThat(connections(agent, "compressed")).isEqualTo(2);
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name"))
                    .as("whose greeting nobody has seen is called as the protocol is")
                    .isEqualTo(span.attribute("db.namespace").isEmpty() ? "mysql" : "mariadb");
            assertThat(span.attributes().toString()).doesNotContain(SECRET);
        });
        assertThat(agent.spans(
                        span -> !span.attribute("db.response.status_code").isEmpty()))
                .allSatisfy(span -> assertThat(span.attribute("spandrel.db.sqlstate"))
                        .isEqualTo(STATES.get(span.attribute("db.response.status_code"))));
        assertThat(agent.spans(span -> span.attribute("db.query.text").contains("seq_1_to_500")))
                .hasSize(2)
                .allSatisfy(span -> {
                    assertThat(span.name()).isEqualTo("SELECT seq_1_to_500");
                    assertThat(span.attribute("db.response.returned_rows")).isEqualTo("500");
                });
        for (String metric : List.of("db_client_operation_duration", "spandrel_db_server_operation_duration")) {
            assertThat(agent.metric(metric + "_seconds_count", "db_system_name="))
                    .as(metric)
                    .isEqualTo(asked.size());
        }
    }

    /** Of a connection that was there before: no database, and no text of what it had prepared. */
    private static String known(String statement) {
        if (statement.endsWith("from midway_go where id < ?")) {
            return " ";
        }
        return statement.contains(" midway_") ? statement.replaceFirst("^shop ", " ") : statement;
    }

    private static String text(Span span) {
        return MysqlLog.sanitized(span.attribute("db.query.text"));
    }

    private Path files() {
        return directory.resolve("mysql");
    }
}
