package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One connection that is used by system calls and through io_uring, in turns by chance. What goes through io_uring is bytes that nobody can read: such requests are no spans, what they moved is a gap that
 * is counted, and each request that goes by system calls is a span with its size, as a proxy saw it.
 */
@Tag(OtherKernel.TAG)
final class IoUringE2E {
    private static final int REQUESTS = 100;
    private static final int REFUSED = 3;

    private final int port = Ports.free();
    private final int upstream = Ports.free();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"socklen, 1", "socklen, 2", "sysexit, 1", "sysexit, 2"})
    void whatGoesByCallsIsSeenBetweenWhatGoesThroughTheRing(String backend, int seed) throws Exception {
        Policies policies = Policies.in(directory);
        try (TestCgroup outside = TestCgroup.make("uring-outside");
                TestCgroup clients = TestCgroup.make("uring")) {
            Nginx.leaf(outside, directory, upstream);
            Process witness = outside.converse(
                    List.of("python3", Checkout.server("seen.py").toString(), "" + port, "" + upstream));
            Ports.awaitListening(port);
            clients.start(directory.resolve("holder.out"), List.of("sleep", "120"));
            policies.write("uring", clients, "roles: [Client]\nsampling: {percent: 100}\n");
            try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
                agent.awaitSelected(1);
                Process client = clients.converse(List.of(
                        "python3", Checkout.server("uring.py").toString(), "" + port, "" + REQUESTS, "" + seed));
                int end = client.waitFor();
                assumeTrue(end != REFUSED, () -> "io_uring is refused here");
                assertThat(end).isZero();

                List<String> byCalls = new ArrayList<>();
                for (int seen = 0; seen < REQUESTS; seen++) {
                    String line = witness.inputReader().readLine();
                    if (line.contains("/leaf/call")) byCalls.add(line);
                }
                assertThat(byCalls).hasSizeBetween(1, REQUESTS - 1);
                Await.before(() -> agent.spans().size() >= byCalls.size());
                System.out.println(backend + ": " + agent.spans().size() + " of " + byCalls.size() + " by calls; lost "
                        + agent.lost());
                assertThat(agent.spans().stream().map(RestlessE2E::line).toList())
                        .as("seed %d; lost: %s", seed, agent.lost())
                        .containsExactlyInAnyOrderElementsOf(byCalls);
            }
        }
    }
}
