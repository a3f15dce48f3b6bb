package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** There are more sorts of requests than the map of counts has room for: each has its span, what is not counted by its sort is counted as lost. */
final class FullMapE2E {
    /** With 800 sorts each; there is room for 4,096. */
    private static final int ADDRESSES = 7;

    private final TestCgroup cgroup = TestCgroup.make("full");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        cgroup.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void moreSortsOfRequestsThanTheMapOfCountsHolds(String backend) throws IOException {
        Process many = cgroup.converse(
                List.of("python3", Checkout.server("many.py").toString(), "" + Ports.free(), "" + ADDRESSES));
        Policies policies = Policies.in(directory);
        policies.write("full", cgroup, "roles: [Client]\nsampling: {percent: 100}\n");
        try (OtlpSink sink = new OtlpSink();
                AgentProcess agent = AgentProcess.startWith(
                        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint(), "OTEL_METRIC_EXPORT_INTERVAL", "2000"),
                        directory,
                        "--backend",
                        backend,
                        "--policies",
                        policies.directory().toString())) {
            agent.awaitSelected(1);
            many.outputWriter().write("go\n");
            many.outputWriter().flush();
            int sent = Integer.parseInt(many.inputReader().readLine());
            Await.before(() -> agent.spans().size() >= sent);

            assertThat(agent.spans()).hasSize(sent);
            Map<String, Integer> lost = agent.lost();
            assertThat(lost).containsOnlyKeys("metrics");
            assertThat(agent.metric("http_client_request_duration_seconds_count", ""))
                    .isPositive()
                    .isEqualTo(sent - lost.get("metrics"));
            Await.until("all counts at the receiver", () -> counted(sink) == sent - lost.get("metrics"));
        }
    }

    /** By the latest that arrived. */
    private static long counted(OtlpSink sink) {
        var arrived = sink.metrics("http.client.request.duration");
        return arrived.isEmpty()
                ? 0
                : arrived.getLast().what().getHistogram().getDataPointsList().stream()
                        .mapToLong(HistogramDataPoint::getCount)
                        .sum();
    }
}
