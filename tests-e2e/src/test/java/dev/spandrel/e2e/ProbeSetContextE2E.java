package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.e2e.OtlpSink.Arrived;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of a ProbeSet know the request that the thread answers, from when a policy traces it until it does no more; the set is there before and after. */
final class ProbeSetContextE2E {
    private static final int REQUESTS = 200;

    private final OtlpSink sink = new OtlpSink();
    private final TestCgroup leaf = TestCgroup.make("leaf");
    private OneNode node;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        node = new OneNode(directory, "shop", sink.environment());
    }

    @AfterEach
    void stop() {
        leaf.close();
        node.close();
        sink.close();
    }

    @Test
    void recordsBelongToTracesAndKeysAreRoutes() throws Exception {
        var server = new ThreadedServer(node.pod().container(), leaf, directory);
        node.applyAll("""
                apiVersion: spandrel.dev/v1alpha1
                kind: ProbeSet
                metadata: {name: connects, namespace: %s}
                spec:
                  podSelector: {matchLabels: {app: shop}}
                  probes:
                  - name: connects
                    program: |
                      tracepoint:syscalls:sys_enter_connect { @start[tid] = nsecs; printf("%%s", span_name()); }
                      tracepoint:syscalls:sys_exit_connect /@start[tid]/ {
                        @ns[workload(), route()] = hist(nsecs - @start[tid]);
                        delete(@start[tid]);
                      }
                """.formatted(node.namespace()));
        node.kubectl("wait", "--for=condition=Ready", "pset/connects", "--timeout=60s");
        server.ask("before");
        Await.until("a record", () -> sink.logs().size() == 1);
        assertThat(sink.logs().getFirst().what().getTraceId().isEmpty()).isTrue();

        node.apply("percent: 100");
        server.load(REQUESTS);
        Await.until("a record of each request", () -> sink.logs().size() >= 1 + REQUESTS);
        check(server.pathsByTrace());
        Await.until("a count of each", () -> connects("/r/{id}") == REQUESTS);
        assertThat(connects("")).isOne();

        node.deletePolicy(node.namespace(), "shop");
        Await.until("nothing traced", () -> {
            int before = sink.logs().size();
            server.ask("after");
            Await.until("its record", () -> sink.logs().size() > before);
            return sink.logs().getLast().what().getTraceId().isEmpty();
        });
    }

    private void check(Map<String, String> pathsByTrace) {
        Map<String, LogRecord> byTrace = sink.logs().stream()
                .skip(1)
                .map(Arrived::what)
                .collect(Collectors.toMap(one -> hex(one.getTraceId().toByteArray()), one -> one));
        assertThat(byTrace.keySet()).containsExactlyInAnyOrderElementsOf(pathsByTrace.keySet());
        byTrace.forEach((trace, record) -> {
            Span span = node.agent()
                    .awaitSpan(
                            "trace " + trace,
                            one -> one.kind() == Span.SERVER && one.traceId().equals(trace));
            assertThat(hex(record.getSpanId().toByteArray())).isEqualTo(span.spanId());
            assertThat(record.getBody().getStringValue()).isEqualTo("GET");
        });
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    /** So many of this route, as the receiver has it by now. */
    private long connects(String route) {
        return sink.metrics("connects.ns").reversed().stream()
                .limit(1)
                .flatMap(metric -> metric.what().getExponentialHistogram().getDataPointsList().stream())
                .filter(point -> OtlpSink.attributes(point.getAttributesList())
                        .equals(Map.of("workload", node.pod().name(), "route", route)))
                .mapToLong(ExponentialHistogramDataPoint::getCount)
                .sum();
    }
}
