package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver of spans is away for a minute: nobody waits for it, memory is bounded, what found no room is counted, and then all goes on. */
final class ReceiverAwayE2E {
    private static final Duration EACH = Duration.ofSeconds(30);
    private static final int QUEUE = 2 << 20;
    private static final long ROOM_KIB = 32 * 1024;
    /** Twice what the queue holds of the shortest records. */
    private static final int MANY = 16_000;

    private final TestCgroup cgroup = TestCgroup.make("receiver");
    private final int port = Ports.free();
    private final int receiver = Ports.free();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        cgroup.close();
    }

    @Test
    void aReceiverThatIsAwayForAMinute() throws IOException {
        Nginx.leaf(cgroup, directory, port);
        Policies policies = Policies.in(directory);
        policies.write("away", cgroup, "roles: [Server]\nsampling: {percent: 100}\n");
        Map<String, String> environment = Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + receiver,
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "http/protobuf");
        try (AgentProcess agent = AgentProcess.startExporting(
                environment, directory, "--policies", policies.directory().toString(), "--queue-bytes", "" + QUEUE)) {
            agent.awaitSelected(1);
            new Load(port, "/leaf/warm").requests(MANY / 8);
            long resident = agent.process().residentKib();

            long end = System.nanoTime() + EACH.toNanos();
            long sent = MANY / 8 + refused(end);
            sent += silent(end + EACH.toNanos());
            assertThat(agent.log()).contains("the receiver does not answer");
            assertThat(agent.process().residentKib()).isLessThan(resident + QUEUE / 1024 + ROOM_KIB);

            try (OtlpSink sink = new OtlpSink(receiver)) {
                new Load(port, "/leaf/after").requests(1);
                // By the log of nginx, which at times answers one request more than the client says it sent.
                long all = answered();
                assertThat(all).isBetween(sent + 1, sent + MANY / 100);
                Await.until("all that is not lost", () -> arrived(agent, sink) >= all);

                assertThat(agent.lost()).containsOnlyKeys("export_queue_full");
                assertThat(arrived(agent, sink)).isEqualTo(all);
                assertThat(sink.spans()).extracting(Span::getSpanId).doesNotHaveDuplicates();
                assertThat(agent.metric("http_server_request_duration_seconds_count", ""))
                        .isEqualTo(all);
                new Load(port, "/leaf/back").requests(1);
                Await.until("a span of what came after", () -> sink.spans().size() > all - lost(agent));
                assertThat(agent.log()).contains("the receiver is back");
            }
        }
    }

    /** Nobody listens there. */
    private long refused(long until) {
        return load(MANY / 2, until);
    }

    /** Somebody listens, and says nothing. */
    private long silent(long until) throws IOException {
        try (ServerSocket silent = new ServerSocket(receiver, 50, InetAddress.getLoopbackAddress())) {
            return load(MANY / 2, until);
        }
    }

    /** At least so many requests, and for so long; each has to be answered. */
    private long load(int atLeast, long until) {
        Load load = new Load(port, "/leaf/away");
        while (load.sent() < atLeast || System.nanoTime() < until) {
            load.requests(100);
        }
        return load.sent();
    }

    private long answered() throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve("received.log"))) {
            return lines.count();
        }
    }

    private static long arrived(AgentProcess agent, OtlpSink sink) {
        return sink.spans().size() + lost(agent);
    }

    private static int lost(AgentProcess agent) {
        return agent.lost().getOrDefault("export_queue_full", 0);
    }
}
