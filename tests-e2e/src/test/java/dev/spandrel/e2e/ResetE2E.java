package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that reads a request after its client has reset the connection, which it knew before or not: a span that says so, with the server's port. */
@Tag(OtherKernel.TAG)
final class ResetE2E {
    private static final int ROUNDS = 20;

    private final TestCgroup cgroup = TestCgroup.make("reset");
    private final TestCgroup clients = TestCgroup.make("reset-clients");
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        clients.close();
        cgroup.close();
    }

    /** On one machine the reset comes before the call that sent has returned. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void whatIsSentIntoAResetHasAnEnd(String backend) throws IOException {
        clients.start(directory.resolve("holder.out"), List.of("sleep", "120"));
        Policies policies = Policies.in(directory);
        policies.write("clients", clients, "roles: [Client]\nsampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(1);
            Process client = clients.converse(
                    List.of("python3", Checkout.server("racing.py").toString(), "" + ROUNDS));
            assertThat(client.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("done");
            Await.before(() -> agent.spans().size() >= 2 * ROUNDS);
            assertThat(agent.spans().stream().map(ResetE2E::described))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, ROUNDS)
                            .boxed()
                            .flatMap(i -> Stream.of("/answered/" + i + " 200 ", "/raced/" + i + "  connection_reset"))
                            .toList());
            assertThat(agent.lost()).as("lost, by reason").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void whatIsReadAfterAResetHasAnEnd(String backend) throws IOException {
        cgroup.start(
                directory.resolve("server.out"),
                List.of("python3", Checkout.server("reset.py").toString(), "" + port));
        Ports.awaitListening(port);
        Policies policies = Policies.in(directory);
        policies.write("reset", cgroup, "sampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(1);
            Process client = clients.converse(
                    List.of("python3", Checkout.server("resetting.py").toString(), "" + port, "" + ROUNDS));
            assertThat(client.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("done");
            Await.before(() -> agent.spans().size() >= 3 * ROUNDS);

            assertThat(agent.spans().stream().map(ResetE2E::described))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, ROUNDS)
                            .boxed()
                            .flatMap(i -> Stream.of(
                                    "/answered/" + i + " 200 ",
                                    "/late/known/" + i + "  connection_reset",
                                    "/late/new/" + i + "  connection_reset"))
                            .toList());
            assertThat(agent.spans())
                    .allSatisfy(
                            span -> assertThat(span.attribute("server.port")).isEqualTo("" + port));
            assertThat(agent.lost()).isEmpty();
            if (backend.equals("sysexit"))
                Await.until(
                        "nothing is kept of what was reset",
                        () -> BpfHeld.by(agent).entries("sp_conns") == 0);
        }
    }

    private static String described(Span span) {
        return span.path() + " " + span.attribute("http.response.status_code") + " " + span.attribute("error.type");
    }
}
