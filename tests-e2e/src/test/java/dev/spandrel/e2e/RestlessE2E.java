package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that use every way to send and receive, at random: split, vectored, peeked, from other threads and processes, by copies and passed descriptors. A plain
 * proxy that saw the bytes is the witness: each request on the wire is one span, with its method, status and size.
 */
@Tag(OtherKernel.TAG)
final class RestlessE2E {
    private static final int REQUESTS = 400;

    private final int port = Ports.free();
    private final int upstream = Ports.free();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"socklen, 1", "socklen, 2", "sysexit, 1", "sysexit, 3"})
    void eachRequestOnTheWireIsOneSpan(String backend, int seed) throws Exception {
        Policies policies = Policies.in(directory);
        try (TestCgroup outside = TestCgroup.make("restless-outside");
                TestCgroup clients = TestCgroup.make("restless")) {
            Nginx.leaf(outside, directory, upstream);
            Process witness = outside.converse(
                    List.of("python3", Checkout.server("seen.py").toString(), "" + port, "" + upstream));
            Ports.awaitListening(port);
            clients.start(directory.resolve("holder.out"), List.of("sleep", "120"));
            policies.write("restless", clients, "roles: [Client]\nsampling: {percent: 100}\n");
            try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
                agent.awaitSelected(1);
                Process client = clients.converse(List.of(
                        "python3", Checkout.server("restless.py").toString(), "" + port, "" + REQUESTS, "" + seed));
                assertThat(client.waitFor()).isZero();

                List<String> seen = new ArrayList<>();
                while (seen.size() < REQUESTS) {
                    seen.add(witness.inputReader().readLine());
                }
                Await.before(() -> agent.spans().size() >= REQUESTS);
                assertThat(agent.spans().stream().map(RestlessE2E::line).toList())
                        .as("seed %d; lost: %s", seed, agent.lost())
                        .containsExactlyInAnyOrderElementsOf(seen);
                assertThat(agent.metric("http_client_request_duration_seconds_count", ""))
                        .isEqualTo(REQUESTS);
                assertThat(agent.lost()).isEmpty();
            }
        }
    }

    /** As the witness writes it. */
    static String line(Span span) {
        return String.join(
                " ",
                span.attribute("http.request.method"),
                span.path(),
                span.attribute("http.response.status_code"),
                span.attribute("http.request.size"),
                span.attribute("http.response.size"));
    }
}
