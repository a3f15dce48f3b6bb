package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Cassandra and drivers in two languages, in versions 4 and 5 of the protocol: what its audit log names of the tests' tables is a span at both ends, with its outcome. */
final class CassandraE2E {
    private static final Pattern LINE = Pattern.compile(
            "port:([0-9]+)\\|.*?type:([A-Z_]+)\\|category:([A-Z]+)\\|(?:batch:([^|]+)\\|)?ks:([^|]+)\\|.*?operation:(.*)");
    private static final Pattern LITERAL = Pattern.compile("'[^']*'|\\b[0-9a-f]{8}-[-0-9a-f]{27}\\b|\\b[0-9]+\\b");
    private static final String COMPRESSED = "packed";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyStatementIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "cassandra")) {
            String port = all.port();
            all.serve("cassandra/server.sh", BUILT + "/cassandra", files().toString(), port, "" + Ports.free());
            all.midway("python-midway", PYTHON, "cassandra/client.py", port, "midway4", "4");
            all.midway("python-midway-5", PYTHON, "cassandra/client.py", port, "midway5", "5");
            all.midway("go-midway", BUILT + "/cassandra-go", port, "midwaygo", "5");
            int before = log().size();
            all.client("python", PYTHON, "cassandra/client.py", port, "python4", "4");
            all.client("python-5", PYTHON, "cassandra/client.py", port, "python5", "5");
            all.client("packed", PYTHON, "cassandra/client.py", port, COMPRESSED, "4", "lz4");
            all.client("packed-5", PYTHON, "cassandra/client.py", port, "hidden", "5", "lz4");
            all.client("go", BUILT + "/cassandra-go", port, "go4", "4");
            all.client("go-5", BUILT + "/cassandra-go", port, "go5", "5");
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, before);
            }
        }
    }

    private void compare(AgentProcess agent, int before) {
        List<Asked> log = log().stream()
                .skip(before)
                .flatMap(line -> Asked.of(line).stream())
                .filter(asked -> !asked.keyspace().equals("hidden"))
                .toList();
        Set<String> ports = log.stream()
                .filter(asked -> isOurs(asked.text()))
                .map(Asked::port)
                .collect(Collectors.toSet());
        List<String> asked = asked(log);
        Await.before(() -> seen(agent, Span.CLIENT, _ -> true).size() >= asked.size()
                && seen(agent, Span.SERVER, _ -> true).size()
                        == seen(agent, Span.CLIENT, _ -> true).size());
        assertThat(asked)
                .as("statements")
                .hasSizeGreaterThan(3000)
                .contains("8704 SELECT * FROM nothing", "8704 SELECT nothing FROM things", " BATCH");
        List<String> differences = new ArrayList<>();
        // Drivers also have connections where they ask for themselves alone.
        Predicate<Span> asksForUs = span -> ports.contains(span.attribute("network.peer.port"));
        differences.addAll(
                Differences.of("the log and the server's spans", asked, seen(agent, Span.SERVER, asksForUs)));
        differences.addAll(Differences.of(
                "the server's and the clients' spans",
                seen(agent, Span.SERVER, _ -> true),
                seen(agent, Span.CLIENT, _ -> true)));
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(connections(agent, "guessed_wrong")).isZero();
        assertThat(connections(agent, "compressed"))
                .as("two drivers' connections at both ends")
                .isGreaterThanOrEqualTo(8);
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name")).isEqualTo("cassandra");
            assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
        });
        assertThat(agent.metric("db_client_operation_duration_seconds_count", "db_system_name=\"cassandra\""))
                .isEqualTo(agent.spans(span -> span.kind() == Span.CLIENT).size());
        assertThat(agent.metric("spandrel_db_server_operation_duration_seconds_count", "db_system_name=\"cassandra\""))
                .isEqualTo(agent.spans(span -> span.kind() == Span.SERVER).size());
        assertThat(agent.spans(span -> span.attribute("db.query.text").equals("SELECT name FROM things WHERE id = ?")))
                .allSatisfy(span -> {
                    assertThat(span.name()).isEqualTo("SELECT things");
                    // Python's driver has the columns told with each answer.
                    assertThat(span.attribute("db.response.returned_rows"))
                            .isEqualTo(span.attribute("db.namespace").startsWith("python") ? "" : "1");
                });
        assertThat(agent.spans(span -> span.attribute("db.namespace").equals("python5")))
                .as("of a connection that chose a keyspace")
                .hasSizeGreaterThan(2 * 400);
    }

    /** A line of the log. */
    private record Asked(String port, String type, Optional<String> batch, String keyspace, String text) {
        static Optional<Asked> of(String line) {
            return Optional.of(LINE.matcher(line))
                    .filter(Matcher::find)
                    .map(found -> new Asked(
                            found.group(1),
                            found.group(2),
                            Optional.ofNullable(found.group(4)),
                            found.group(5),
                            found.group(6).replaceFirst("; .*", "")));
        }

        /** Compressed by its driver. */
        boolean isPacked() {
            return keyspace.equals(COMPRESSED);
        }
    }

    /** STATUS TEXT of what was asked, as far as it can be known. What drivers ask for themselves is of interest where it cannot be told from the rest. */
    private static List<String> asked(List<Asked> log) {
        Set<String> packed =
                log.stream().filter(Asked::isPacked).map(Asked::port).collect(Collectors.toSet());
        Set<String> batches = new HashSet<>();
        return log.stream()
                .filter(asked -> isOurs(asked.text()) || packed.contains(asked.port()))
                .filter(asked -> !asked.type().equals("PREPARE_STATEMENT"))
                .filter(asked ->
                        asked.batch().isEmpty() || batches.add(asked.batch().get()))
                .map(asked -> status(asked, packed.contains(asked.port())) + " "
                        + (packed.contains(asked.port()) ? "" : text(asked)))
                .toList();
    }

    private static String status(Asked asked, boolean packed) {
        return !asked.type().equals("REQUEST_FAILURE") ? "" : packed ? "_OTHER" : "8704";
    }

    private static String text(Asked asked) {
        return asked.batch().isPresent()
                ? "BATCH"
                : preparedBefore(asked.keyspace(), asked.text()) ? "" : sanitized(asked.text());
    }

    private static boolean isOurs(String text) {
        return text.contains(" things ") || text.endsWith(" things") || text.contains(" nothing");
    }

    /** By a client that was there before the agent. */
    private static boolean preparedBefore(String keyspace, String text) {
        return keyspace.startsWith("midway")
                && (text.endsWith("VALUES (?, ?, ?)")
                        || text.endsWith("VALUES (?, ?)")
                        || !keyspace.endsWith("go") && text.endsWith("id = ?"));
    }

    private static String sanitized(String text) {
        return LITERAL.matcher(text).replaceAll("§").replaceAll("(§, )+§", "§").replace('§', '?');
    }

    /** What the drivers ask for themselves is left out, where it can be told. */
    private static List<String> seen(AgentProcess agent, int kind, Predicate<Span> which) {
        return agent.spans(span -> span.kind() == kind).stream()
                .filter(span -> {
                    String text = span.attribute("db.query.text");
                    return text.isEmpty()
                            ? !span.attribute("db.operation.name").equals("OPTIONS") && which.test(span)
                            : isOurs(text);
                })
                .map(span -> span.attribute("db.response.status_code") + " "
                        + (span.attribute("db.operation.name").equals("BATCH")
                                ? "BATCH"
                                : span.attribute("db.query.text")))
                .toList();
    }

    private static double connections(AgentProcess agent, String reason) {
        return agent.metric("spandrel_connections_total", "spandrel_reason=\"" + reason + "\"");
    }

    private List<String> log() {
        try {
            return Files.readAllLines(files().resolve("audit.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path files() {
        return directory.resolve("cassandra");
    }
}
