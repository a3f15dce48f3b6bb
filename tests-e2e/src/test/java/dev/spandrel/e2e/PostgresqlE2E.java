package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PostgreSQL and clients in three languages: every statement that its log names is a span at both ends, with its outcome, and nothing is lost. */
@Tag(OtherKernel.TAG)
final class PostgresqlE2E {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyStatementIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "postgresql")) {
            all.serve("postgresql/server.sh", files().toString(), all.port());
            all.client("psycopg", PYTHON, "postgresql/client.py", all.port());
            all.client("pgx", BUILT + "/go", "postgresql", all.port());
            all.client("psql", "postgresql/psql.sh", all.port());
            all.midway("psycopg-midway", PYTHON, "postgresql/client.py", all.port());
            all.midway("pgx-midway", BUILT + "/go", "postgresql", all.port());
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent);
                assertThat(decrypted(agent)).isZero();
            }
        }
    }

    /** Each client goes over to TLS by itself where the server offers it. Whose library nobody has run yet has it loaded before. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void throughTlsTheSameIsSeen(String backend) throws Exception {
        Certificate.make(directory);
        try (ServerAndClients all = ServerAndClients.in(directory, "postgresql")) {
            all.serve("postgresql/server.sh", files().toString(), all.port(), directory.toString());
            List<String> psycopg = List.of(PYTHON, "-c", "import psycopg, time; time.sleep(600)");
            all.heldClient("psycopg", psycopg, PYTHON, "postgresql/client.py", all.port());
            List<String> go = List.of(BUILT + "/go", "server", "" + Ports.free());
            all.heldClient("pgx", go, BUILT + "/go", "postgresql", all.port());
            List<String> old = List.of(PYTHON, "-c", "import psycopg2, time; time.sleep(600)");
            all.heldClient("openssl11", old, PYTHON, "tls/openssl11.py", all.port());
            all.client("psql", "postgresql/psql.sh", all.port());
            try (AgentProcess agent = all.trace(backend, PostgresqlE2E::awaitProbes)) {
                compare(agent);
                assertThat(decrypted(agent)).isPositive();
            }
        }
    }

    /** On the libraries of the server and of the held clients. */
    private static void awaitProbes(AgentProcess agent) {
        Await.until("probes", () -> agent.metric("spandrel_tls_files", "") > 3);
    }

    private static double decrypted(AgentProcess agent) {
        return agent.metric("spandrel_connections_total", "spandrel_reason=\"decrypted\"");
    }

    private void compare(AgentProcess agent) {
        Await.before(() -> agent.spans().size() >= 2 * logged().size());
        List<String> logged = logged();
        assertThat(logged).as("statements").hasSizeGreaterThan(200).contains("57014 select pg_sleep(?)");
        List<String> differences = ServerAndClients.differences(agent, logged, PostgresqlE2E::line);
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name")).isEqualTo("postgresql");
            assertThat(span.attribute("db.namespace"))
                    .as("which nobody has heard of connections that were there before")
                    .isIn("postgres", "");
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

    private static String line(Span span) {
        String code = span.attribute("db.response.status_code");
        return (code.isEmpty() ? "00000" : code) + " " + span.attribute("db.query.text");
    }

    private Path files() {
        return directory.resolve("postgresql");
    }
}
