package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FerretDB and drivers in two languages: every command that a driver says was answered is a span at both ends, with its outcome, on connections that were there before. */
@Tag(OtherKernel.TAG)
final class MongodbE2E {
    /** What drivers do by themselves and say nothing of. */
    private static final Set<String> UNSAID = Set.of("hello", "isMaster", "ismaster", "endSessions");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyCommandIsASpanAtBothEnds(String backend) throws Exception {
        int slow = Ports.free();
        try (ServerAndClients all = ServerAndClients.in(directory, "mongodb")) {
            String port = all.port();
            all.serve("mongodb/server.sh", BUILT, directory.resolve("ferretdb").toString(), port);
            all.beside("segments", slow, PYTHON, "segments/proxy.py", "" + slow, port);
            all.midway("pymongo", PYTHON, "mongodb/client.py", port, "python");
            all.midway("slow", PYTHON, "mongodb/client.py", "" + slow, "slow");
            all.midway("go", BUILT + "/go", "mongodb", port, "go");
            try (AgentProcess agent = all.trace(backend)) {
                compare(
                        agent,
                        all.said().stream()
                                .filter(line -> !UNSAID.contains(line.split(" ")[0]))
                                .toList());
            }
        }
    }

    private static void compare(AgentProcess agent, List<String> said) {
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
}
