package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.JAVA;
import static dev.spandrel.e2e.ServerAndClients.PROGRAMS;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache's broker, and clients in Java, C and Python: every request that the broker's log says was completed is a span at both ends. */
final class KafkaE2E {
    private static final int PRODUCER = 4;
    private static final int CONSUMER = 5;

    private static final TestCgroup SERVER = TestCgroup.make("kafka");
    private static final int PORT = Ports.free();

    /** Of the broker, which all tests share. */
    @TempDir
    static Path files;

    @TempDir
    Path directory;

    private int before;

    @BeforeAll
    static void start() {
        SERVER.start(
                PROGRAMS,
                Optional.empty(),
                files.resolve("broker.out"),
                List.of("kafka/server.sh", JAVA, BUILT + "/kafka", files.toString(), "" + PORT, "" + Ports.free()));
        Ports.awaitListening(PORT);
    }

    @AfterAll
    static void end() {
        SERVER.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyRequestIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.of(SERVER, PORT, directory)) {
            all.midway("midway", PYTHON, "kafka/client.py", all.port(), backend);
            // The broker answers first and logs then.
            Await.until(
                    "the broker logs what was sent before",
                    () -> KafkaLog.requests(log()).contains("send rdkafka-midway"));
            before = KafkaLog.requests(log()).size();
            all.client("python", PYTHON, "kafka/client.py", all.port(), backend);
            all.client(
                    "java",
                    JAVA,
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                    "-cp",
                    BUILT + "/kafka/*",
                    "kafka/Client.java",
                    all.port(),
                    backend);
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, backend);
            }
        }
    }

    private void compare(AgentProcess agent, String name) throws IOException {
        Await.before(() -> seen(agent, true).size() >= logged().size()
                && seen(agent, false).size() >= logged().size());
        assertThat(logged()).hasSizeGreaterThan(150).anyMatch(line -> line.startsWith("consumer_group_heartbeat"));
        List<String> differences = new ArrayList<>();
        differences.addAll(differences("the broker's", agent, true));
        differences.addAll(differences("the clients'", agent, false));
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.metric("spandrel_connections_total", "guessed_wrong")).isZero();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("messaging.system")).isEqualTo("kafka");
            assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
        });
        assertThat(agent.spans(span -> span.attribute("error.type").equals("UNKNOWN_TOPIC_OR_PARTITION")))
                .isNotEmpty()
                .allSatisfy(span -> assertThat(span.name()).isEqualTo("commit no-such-topic"));
        for (String topic : List.of(name + "-java-things", name + "-rdkafka-things")) {
            assertThat(agent.spans(
                            span -> span.kind() == PRODUCER && span.name().equals("send " + topic)))
                    .as("with links")
                    .anyMatch(span -> !span.links().isEmpty());
            assertThat(agent.spans(
                            span -> span.kind() == CONSUMER && span.name().equals("poll " + topic)))
                    .anyMatch(span -> !span.links().isEmpty());
        }
        assertThat(agent
                        .spans(span ->
                                span.kind() == PRODUCER && span.name().equals("send " + name + "-rdkafka-things"))
                        .stream()
                        .mapToInt(span -> Integer.parseInt(span.attribute("messaging.batch.message_count")))
                        .sum())
                .as("messages sent, and sent again")
                .isGreaterThanOrEqualTo(80);
        assertThat(agent.spans(span -> span.kind() == PRODUCER
                        && span.attribute("messaging.client.id").equals("rdkafka-midway")))
                .as("of a connection that was there before")
                .hasSize(30)
                .allMatch(span -> !span.links().isEmpty());
        assertThat(agent.metric(
                        "messaging_client_operation_duration_seconds_count", "messaging_operation_name=\"send\""))
                .isEqualTo(agent.spans(span -> span.kind() == PRODUCER).size());
    }

    /** A request that was cut off may be in the broker's log or not. */
    private List<String> differences(String whose, AgentProcess agent, boolean server) throws IOException {
        List<String> all = seen(agent, server);
        Set<String> cut = Set.copyOf(all.stream()
                .filter(line -> line.endsWith(" cut"))
                .map(line -> line.replace(" cut", ""))
                .toList());
        List<String> whole = all.stream().filter(line -> !line.endsWith(" cut")).toList();
        return Differences.of("the log and " + whose + " spans", logged(), whole).stream()
                .filter(line ->
                        cut.stream().noneMatch(request -> line.contains(": " + request + ": 1 only in the first")))
                .toList();
    }

    private List<String> logged() {
        List<String> all = KafkaLog.requests(log());
        return all.subList(before, all.size());
    }

    private static List<String> seen(AgentProcess agent, boolean server) {
        return agent.spans(span -> (span.kind() == Span.SERVER) == server).stream()
                .filter(span -> KafkaLog.isOurs(span.attribute("messaging.client.id")))
                .map(span -> span.attribute("messaging.operation.name") + " " + span.attribute("messaging.client.id")
                        + (span.attribute("error.type").startsWith("connection_") ? " cut" : ""))
                .toList();
    }

    private static Path log() {
        return files.resolve("requests.log");
    }
}
