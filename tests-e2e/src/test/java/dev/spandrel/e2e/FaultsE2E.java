package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on a node: nothing of it ends the agent or its exactness, and what is lost is counted. */
@Tag(OtherKernel.TAG)
final class FaultsE2E {
    private static final int SMALL_RING = 64 * 1024;
    private static final int MORE_THAN_THE_RING = 600;
    private static final int BRIEF_PROCESSES = 1500;
    private static final long ROOM_KIB = 32 * 1024;

    private final TestCgroup cgroup = TestCgroup.make("faults");
    private final TestCgroup other = TestCgroup.make("faults-other");
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        cgroup.close(); // its processes may have moved on to the other
        other.close();
    }

    /** The agent stands still while the kernel fills its ring: what did not fit is counted, exactly, and so is every request. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void aFullRingLosesExactlyWhatItCounts(String backend) {
        Nginx.leaf(cgroup, directory, port);
        Policies policies = Policies.in(directory);
        policies.write("faults", cgroup, "sampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.start(
                directory,
                "--backend",
                backend,
                "--policies",
                policies.directory().toString(),
                "--ring-bytes",
                "" + SMALL_RING)) {
            agent.awaitSelected(1);
            int lost = lostOf(MORE_THAN_THE_RING, agent), capacity = MORE_THAN_THE_RING - lost;

            assertThat(lost).as("more was sent than fits").isPositive();
            assertThat(agent.spans()).as("sent less lost").hasSize(capacity);
            assertThat(lostOf(2 * capacity, agent) - lost)
                    .as("of twice of what fits")
                    .isEqualTo(capacity);
            assertThat(agent.spans()).hasSize(2 * capacity);
            assertThat(agent.metric("http_server_request_duration_seconds_count", ""))
                    .isEqualTo(MORE_THAN_THE_RING + 2 * capacity);
            System.out.println(backend + ": a ring of " + SMALL_RING + " bytes holds " + capacity + " records");
            new Load(port, "/leaf/after").requests(1);
            agent.awaitSpan("a request afterwards", span -> span.path().equals("/leaf/after"));
        }
    }

    /** Asked while the agent stands still; what was lost until then, all in all. */
    private int lostOf(int requests, AgentProcess agent) {
        int before = agent.spans().size() + agent.lost().getOrDefault("ring_full", 0);
        agent.process().signal("STOP");
        try {
            new Load(port, "/leaf/full").requests(requests);
        } finally {
            agent.process().signal("CONT");
        }
        Await.before(() -> agent.spans().size() + agent.lost().getOrDefault("ring_full", 0) >= before + requests);
        return agent.lost().getOrDefault("ring_full", 0);
    }

    /** A process that moved on takes its connections with it: they are neither traced for the cgroup that is gone nor lost to the one they are in. */
    @Test
    void aCgroupGoesWhileItsSocketsLiveOn() throws IOException {
        cgroup.start(
                directory.resolve("server.out"),
                List.of("python3", Checkout.server("answers.py").toString(), "" + port));
        Ports.awaitListening(port);
        Policies policies = Policies.in(directory);
        policies.write("gone", cgroup, "sampling: {percent: 100}\n");
        try (TestCgroup clients = TestCgroup.make("faults-clients");
                AgentProcess agent = AgentProcess.start(
                        directory, "--policies", policies.directory().toString())) {
            agent.awaitSelected(1);
            Sender sender = Sender.start(clients, port, 1);
            assertAnswered(sender, "/200/0/before");
            agent.awaitSpan("the first request", span -> span.path().equals("/200/0/before"));

            for (String pid : Files.readAllLines(cgroup.directory().resolve("cgroup.procs"))) {
                Files.writeString(other.directory().resolve("cgroup.procs"), pid);
            }
            Await.until("the cgroup is gone", () -> cgroup.directory().toFile().delete());
            assertAnswered(sender, "/200/0/between");

            policies.write("other", other, "sampling: {percent: 100}\n");
            Await.until("a request of the same connection is traced", () -> {
                assertAnswered(sender, "/200/0/after");
                return !agent.spans(span -> span.path().equals("/200/0/after")).isEmpty();
            });
            assertThat(agent.spans(span -> !span.path().equals("/200/0/after")))
                    .extracting(Span::path)
                    .containsExactly("/200/0/before");
        }
    }

    /** Far more than 10,000 a minute: each gives its span, with its own process, and the agent does not grow by them. */
    @Test
    void processesThatLiveForOneRequest() throws IOException {
        Nginx.leaf(other, directory, port);
        Policies policies = Policies.in(directory);
        policies.write("brief", cgroup, "roles: [Client]\nsampling: {percent: 100}\n");
        cgroup.start(directory.resolve("holder.out"), List.of("sleep", "120"));
        try (AgentProcess agent =
                AgentProcess.start(directory, "--policies", policies.directory().toString())) {
            agent.awaitSelected(1);
            brief(agent, BRIEF_PROCESSES / 3);
            long resident = agent.process().residentKib();
            agent.forgetSpans();
            brief(agent, BRIEF_PROCESSES);

            assertThat(agent.spans().stream()
                            .map(span -> span.resource().get("process.pid"))
                            .collect(Collectors.toSet()))
                    .hasSize(BRIEF_PROCESSES);
            assertThat(agent.lost()).isEmpty();
            assertThat(agent.process().residentKib()).isLessThan(resident + ROOM_KIB);
        }
    }

    private void brief(AgentProcess agent, int processes) throws IOException {
        Process parent =
                cgroup.converse(List.of("python3", Checkout.server("brief.py").toString(), "" + port, "" + processes));
        String said = parent.inputReader().readLine();
        assertThat(said).startsWith(processes + " ");
        System.out.println(processes + " processes answered: " + said + " s");
        Await.before(() -> agent.spans().size() >= processes);
        assertThat(agent.spans()).hasSize(processes);
    }

    private static void assertAnswered(Sender sender, String path) {
        sender.send("GET", path, 0, "");
        assertThat(sender.status()).isEqualTo(200);
    }
}
