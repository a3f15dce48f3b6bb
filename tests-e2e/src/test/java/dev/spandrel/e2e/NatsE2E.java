package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NATS and clients in two languages, some connected before the agent came: every message that its log says it took or gave is a span at both ends. */
@Tag(OtherKernel.TAG)
final class NatsE2E {
    private static final Pattern MESSAGE =
            Pattern.compile("(?:<<-|->>) \\[H?(PUB|MSG) (\\S+) (?:.* )?(\\d+)]|->> \\[(-ERR) .*]");
    private static final Pattern HEADERS = Pattern.compile("\\[H(?:PUB|MSG) .* (\\d+) (\\d+)]");
    private static final int PRODUCER = 4;
    private static final int CONSUMER = 5;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyMessageIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "nats")) {
            all.serve(BUILT + "/nats", "server", all.port());
            all.midway("go-midway", BUILT + "/nats", "client", all.port());
            all.midway("python-midway", PYTHON, "nats/client.py", all.port());
            all.client("go", BUILT + "/nats", "client", all.port());
            all.client("python", PYTHON, "nats/client.py", all.port());
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, all);
            }
        }
    }

    private static void compare(AgentProcess agent, ServerAndClients all) {
        List<String> logged =
                all.lines("server").stream().flatMap(NatsE2E::message).toList();
        Await.before(() -> agent.spans().size() >= 2 * logged.size());
        assertThat(logged)
                .hasSizeGreaterThan(1500)
                .contains("publish go.things 6", "deliver _INBOX 6", "deliver python.many.large 600000", "error");
        assertThat(ServerAndClients.differences(agent, logged, NatsE2E::line))
                .as("lost, by reason: " + agent.lost())
                .isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("messaging.system")).isEqualTo("nats");
            assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
        });
        assertThat(agent.spans(
                        span -> span.attribute("messaging.operation.name").equals("error")))
                .hasSize(4)
                .allSatisfy(span -> assertThat(span.attribute("error.type")).isEqualTo("permissions_violation"));
        assertThat(linked(agent, span -> span.kind() == PRODUCER && span.name().equals("publish go.things")))
                .hasSize(200)
                .contains("0000000000000000000000000000abc7-000000000000def7");
        assertThat(linked(agent, span -> span.kind() == CONSUMER && span.name().equals("deliver go.things")))
                .hasSize(200);
        for (String operation : List.of("publish", "deliver")) {
            assertThat(agent.metric(
                            "messaging_client_operation_duration_seconds_count",
                            "messaging_operation_name=\"" + operation + "\""))
                    .as(operation)
                    .isEqualTo(logged.stream()
                            .filter(line -> line.startsWith(operation))
                            .count());
        }
    }

    private static List<String> linked(AgentProcess agent, Predicate<Span> which) {
        return agent.spans(which).stream()
                .flatMap(span -> span.links().stream())
                .toList();
    }

    /** OPERATION SUBJECT BYTES of a line of the log, if it tells of a message, or of an error. */
    private static Stream<String> message(String line) {
        return MESSAGE.matcher(line).results().map(found -> {
            if (found.group(4) != null) {
                return "error";
            }
            long bytes = Long.parseLong(found.group(3));
            for (MatchResult headers : HEADERS.matcher(line).results().toList()) {
                bytes -= Long.parseLong(headers.group(1));
            }
            String subject = found.group(2).startsWith("_INBOX.") ? "_INBOX" : found.group(2);
            return (found.group(1).equals("PUB") ? "publish " : "deliver ") + subject + " " + bytes;
        });
    }

    private static String line(Span span) {
        return String.join(
                        " ",
                        span.attribute("messaging.operation.name"),
                        span.attribute("messaging.destination.name"),
                        span.attribute("messaging.message.body.size"))
                .strip();
    }
}
