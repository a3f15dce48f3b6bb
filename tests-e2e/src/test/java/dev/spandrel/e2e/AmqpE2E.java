package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RabbitMQ and clients in two languages, some connected before the agent came: everything that they say they did is a span at both ends. */
@Tag(OtherKernel.TAG)
final class AmqpE2E {
    private static final int PRODUCER = 4;
    private static final int CONSUMER = 5;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everythingIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "amqp")) {
            all.serve("amqp/server.sh", directory.toString(), all.port(), "" + Ports.free(), "" + Ports.free());
            all.midway("go-midway", BUILT + "/amqp", all.port(), "go-midway");
            all.midway("python-midway", PYTHON, "amqp/client.py", all.port(), "python-midway");
            all.client("go", BUILT + "/amqp", all.port(), "go");
            all.client("python", PYTHON, "amqp/client.py", all.port(), "python");
            try (AgentProcess agent = all.trace(backend)) {
                List<String> said = new ArrayList<>(all.said());
                said.addAll(all.lines("go"));
                said.addAll(all.lines("python"));
                compare(agent, said);
            }
        }
    }

    private static void compare(AgentProcess agent, List<String> said) {
        Await.before(() -> agent.spans().size() >= 2 * said.size());
        assertThat(said)
                .hasSizeGreaterThan(1500)
                .contains(
                        "publish python.shop:orders.new 6",
                        "deliver python-midway.things 600000",
                        "channel.close NOT_FOUND",
                        "return python.shop:nobody NO_ROUTE",
                        "queue.declare python.missing NOT_FOUND");
        assertThat(ServerAndClients.differences(agent, said, AmqpE2E::line))
                .as("lost, by reason: " + agent.lost())
                .isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.metric("spandrel_connections_total", "guessed_wrong")).isZero();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("messaging.system")).isEqualTo("rabbitmq");
            assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
        });
        for (String what : List.of("publish", "deliver")) {
            int kind = what.equals("publish") ? PRODUCER : CONSUMER;
            assertThat(agent.spans(span -> span.kind() == kind && span.name().equals(what + " go.0")).stream()
                            .flatMap(span -> span.links().stream()))
                    .as(what)
                    .hasSize(50)
                    .contains("0000000000000000000000000000abc7-000000000000def7");
        }
        for (String operation : List.of("publish", "deliver", "ack", "get")) {
            assertThat(agent.metric(
                            "messaging_client_operation_duration_seconds_count",
                            "messaging_operation_name=\"" + operation + "\""))
                    .as(operation)
                    .isEqualTo(said.stream()
                            .filter(line -> line.split(" ")[0].equals(operation))
                            .count());
        }
    }

    private static String line(Span span) {
        return Stream.of(
                        "messaging.operation.name",
                        "messaging.destination.name",
                        "messaging.message.body.size",
                        "error.type")
                .map(span::attribute)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
