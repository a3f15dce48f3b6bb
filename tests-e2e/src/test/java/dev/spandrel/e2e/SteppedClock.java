package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody sets the clock. Only in a virtual machine, whose clock is nobody else's: so it is none of the names that are run here. */
@Tag(OtherKernel.TAG)
final class SteppedClock {
    private static final Duration STEP = Duration.ofHours(1);
    private static final Duration NEAR = Duration.ofMinutes(10);

    private final TestCgroup cgroup = TestCgroup.make("clock");
    private final TestCgroup clients = TestCgroup.make("clock-clients");
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        clients.close();
        cgroup.close();
    }

    /** Forward and further back: a request that the step falls into takes as long as it takes, later ones begin when they begin. */
    @Test
    void durationsStayAndLaterSpansMoveWithTheClock() throws IOException, InterruptedException {
        assumeTrue(Boolean.getBoolean("spandrel.guest"), "the clock of this machine is others', too");
        cgroup.start(
                directory.resolve("server.out"),
                List.of("python3", Checkout.server("answers.py").toString(), "" + port));
        Ports.awaitListening(port);
        Policies policies = Policies.in(directory);
        policies.write("clock", cgroup, "roles: [Server]\nsampling: {percent: 100}\n");
        try (AgentProcess agent =
                AgentProcess.start(directory, "--policies", policies.directory().toString())) {
            agent.awaitSelected(1);
            Sender sender = Sender.start(clients, port, 1);
            assertNear(asked(agent, sender, "/200/0/before"), Instant.now());

            across(agent, sender, "forward", STEP);
            across(agent, sender, "back", STEP.multipliedBy(-2));
            assertThat(agent.spans()).allSatisfy(SteppedClock::takesItsTime);
        }
    }

    private static void across(AgentProcess agent, Sender sender, String name, Duration step)
            throws IOException, InterruptedException {
        sender.send("GET", "/200/3000/" + name, 0, "");
        Thread.sleep(1000); // so that the step is inside of it
        set(Instant.now().plus(step));
        assertThat(sender.status()).isEqualTo(200);
        Span span = agent.awaitSpan(name, one -> one.path().equals("/200/3000/" + name));
        assertThat(span.end() - span.start())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(3).toNanos());
        // The distance of the clocks is measured every few seconds.
        int[] count = {0};
        Await.until("a span by the new clock", () -> {
            Span later = asked(agent, sender, "/200/0/" + name + count[0]++);
            return Math.abs(later.start() - nanos(Instant.now())) < NEAR.toNanos();
        });
        for (int i = 0; i < 3; i++) {
            Instant before = Instant.now();
            assertNear(asked(agent, sender, "/200/0/after-" + name + i), before);
        }
    }

    private static Span asked(AgentProcess agent, Sender sender, String path) {
        sender.send("GET", path, 0, "");
        assertThat(sender.status()).isEqualTo(200);
        return agent.awaitSpan(path, span -> span.path().equals(path));
    }

    private static void assertNear(Span span, Instant when) {
        assertThat(Duration.ofNanos(span.start() - nanos(when)).abs())
                .as("%s began %s after it was sent", span.path(), Duration.ofNanos(span.start() - nanos(when)))
                .isLessThan(NEAR);
    }

    private static void takesItsTime(Span span) {
        assertThat(span.end() - span.start()).isNotNegative().isLessThan(NEAR.toNanos());
    }

    private static void set(Instant time) throws IOException, InterruptedException {
        Process date = new ProcessBuilder("date", "-s", "@" + time.getEpochSecond())
                .inheritIO()
                .start();
        assertThat(date.waitFor()).isZero();
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }
}
