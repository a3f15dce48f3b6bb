package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mosquitto and clients by versions 3.1.1 and 5, some connected before the agent came: every packet of its log that asks or has a message is a span at both ends. */
@Tag(OtherKernel.TAG)
final class MqttE2E {
    private static final Pattern MESSAGE = Pattern.compile(
            "(Received|Denied|Sending) PUBLISH (?:from|to) \\S+ \\(.*'(.*)', \\.\\.\\. \\((\\d+) bytes\\)\\)");
    private static final Pattern REQUEST =
            Pattern.compile("Received ((?:UN)?SUBSCRIBE) from .*|New client (connect)ed from .*");
    private static final int PRODUCER = 4;
    private static final int CONSUMER = 5;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyPacketIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "mqtt")) {
            all.serve("mqtt/server.sh", directory.toString(), all.port());
            all.midway("go-midway", BUILT + "/mqtt", all.port());
            all.midway("python-midway", PYTHON, "mqtt/client.py", all.port());
            all.client("go", BUILT + "/mqtt", all.port());
            all.client("python", PYTHON, "mqtt/client.py", all.port());
            all.client("ranges", PYTHON, "mqtt/ranges.py", all.port());
            int before = all.lines("server").size();
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, all, before);
            }
        }
    }

    private static void compare(AgentProcess agent, ServerAndClients all, int before) {
        List<String> log = all.lines("server");
        List<String> logged = log.subList(before, log.size()).stream()
                .flatMap(MqttE2E::packet)
                .toList();
        Await.before(() -> agent.spans().size() >= 2 * logged.size());
        assertThat(logged)
                .hasSizeGreaterThan(1000)
                .contains(
                        "publish go/things 6",
                        "deliver python/things 300000",
                        "publish midway-python/things",
                        "publish ranges/things 6",
                        "publish forbidden/python 6 not_authorized",
                        "unsubscribe",
                        "connect");
        assertThat(ServerAndClients.differences(agent, logged, MqttE2E::line))
                .as("lost, by reason: " + agent.lost())
                .isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.metric("spandrel_connections_total", "guessed_wrong")).isZero();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("messaging.system")).isEqualTo("mqtt");
            assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
        });
        for (int kind : List.of(PRODUCER, CONSUMER)) {
            assertThat(agent.spans(span -> span.kind() == kind && span.name().endsWith(" python/things")).stream()
                            .flatMap(span -> span.links().stream()))
                    .hasSize(120)
                    .contains("0000000000000000000000000000abc7-000000000000def7");
        }
        assertThat(agent.spans(span -> span.name().equals("connect")))
                .allSatisfy(span -> assertThat(span.attribute("messaging.client.id"))
                        .isIn("go", "python", "midway-python", "ranges"));
        for (String operation : List.of("publish", "deliver", "subscribe")) {
            assertThat(agent.metric(
                            "messaging_client_operation_duration_seconds_count",
                            "messaging_operation_name=\"" + operation + "\""))
                    .as(operation)
                    .isEqualTo(logged.stream()
                            .filter(line -> line.startsWith(operation))
                            .count());
        }
    }

    /** OPERATION TOPIC BYTES ERROR. What version a client speaks that was there before nobody has seen, so where its messages begin is not known. */
    private static Stream<String> packet(String line) {
        Matcher message = MESSAGE.matcher(line);
        if (message.matches()) {
            String topic = message.group(2);
            return Stream.of((message.group(1).equals("Sending") ? "deliver " : "publish ")
                    + topic
                    + (topic.contains("midway") ? "" : " " + message.group(3))
                    + (message.group(1).equals("Denied") ? " not_authorized" : ""));
        }
        return REQUEST.matcher(line)
                .results()
                .map(found -> (found.group(1) == null ? found.group(2) : found.group(1)).toLowerCase(Locale.ROOT));
    }

    private static String line(Span span) {
        String operation = span.attribute("messaging.operation.name");
        if (!operation.equals("publish") && !operation.equals("deliver")) {
            return operation;
        }
        return Stream.of(
                        operation,
                        span.attribute("messaging.destination.name"),
                        span.attribute("messaging.message.body.size"),
                        span.attribute("error.type"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
