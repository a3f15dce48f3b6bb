package dev.spandrel.agent.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.RequestCount;
import dev.spandrel.agent.event.Role;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
    private static final class FakeKernel implements KernelCounts {
        final Map<String, RequestCount> map = new HashMap<>();

        void put(long cgroup, Role role, int status, End end, long count) {
            String key = cgroup + "/" + role + "/" + status + "/" + end;
            byte[] address = new byte[16];
            if (role == Role.CLIENT) {
                address[10] = -1;
                address[11] = -1;
                address[12] = 10;
            }
            long[] buckets = new long[16];
            buckets[2] = count;
            map.put(
                    key,
                    new RequestCount(
                            key,
                            cgroup,
                            address,
                            80,
                            status,
                            1,
                            role,
                            Method.GET.ordinal(),
                            end,
                            1,
                            false,
                            count,
                            count * 7_000_000,
                            0,
                            buckets,
                            ""));
        }

        @Override
        public List<RequestCount> requests() {
            return new ArrayList<>(map.values());
        }

        @Override
        public void remove(Collection<RequestCount> entries) {
            entries.forEach(entry -> map.remove(entry.key()));
        }

        @Override
        public List<MapFill> fills() {
            return List.of();
        }

        @Override
        public long missed() {
            return 0;
        }

        @Override
        public long[] counters() {
            return new long[19];
        }
    }

    private final FakeKernel kernel = new FakeKernel();
    private final Map<Long, Resource> workloads = new HashMap<>(Map.of(1L, service("shop")));
    private final RequestMetrics metrics =
            new RequestMetrics(cgroup -> Optional.ofNullable(workloads.get(cgroup)), service("unknown"));

    private static Resource service(String name) {
        return Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), name));
    }

    private long total(long now) {
        return metrics.collect(Optional.of(kernel), now).stream()
                .flatMap(metric -> metric.getHistogramData().getPoints().stream())
                .mapToLong(HistogramPointData::getCount)
                .sum();
    }

    @Test
    void entriesThatDifferOnlyInsideTheKernelAreOneSeries() {
        kernel.put(1, Role.SERVER, 200, End.COMPLETE, 3);
        kernel.put(1, Role.SERVER, 200, End.SILENCE, 2);
        List<MetricData> collected = metrics.collect(Optional.of(kernel), 1000);
        assertThat(collected).hasSize(1);
        assertThat(collected.getFirst().getName()).isEqualTo("http.server.request.duration");
        assertThat(collected.getFirst().getHistogramData().getPoints())
                .singleElement()
                .satisfies(point -> {
                    assertThat(point.getCount()).isEqualTo(5);
                    assertThat(point.getSum()).isEqualTo(0.035);
                    assertThat(point.getCounts().get(1)).isEqualTo(5);
                });
    }

    @Test
    void clientsNameTheirServerAndErrors() {
        kernel.put(1, Role.CLIENT, 404, End.COMPLETE, 1);
        kernel.put(1, Role.CLIENT, 0, End.RESET, 1);
        StringBuilder text = new StringBuilder();
        PrometheusText.write(metrics.collect(Optional.of(kernel), 1000), text::append);
        assertThat(text)
                .contains("# TYPE http_client_request_duration_seconds histogram")
                .contains(
                        "http_client_request_duration_seconds_count{error_type=\"404\",http_request_method=\"GET\",http_response_status_code=\"404\","
                                + "network_protocol_version=\"1.1\",server_address=\"10.0.0.0\",server_port=\"80\",service_name=\"shop\",url_scheme=\"http\"} 1")
                .contains("error_type=\"connection_reset\"")
                .contains("le=\"0.005\",");
    }

    @Test
    void nothingIsLostWhenASensorIsUnloadedAndANewOneCounts() {
        kernel.put(1, Role.SERVER, 200, End.COMPLETE, 10);
        assertThat(total(1)).isEqualTo(10);
        kernel.put(1, Role.SERVER, 200, End.COMPLETE, 12);
        metrics.settle(kernel);
        kernel.map.clear();
        assertThat(total(2)).isEqualTo(12);
        kernel.put(1, Role.SERVER, 200, End.COMPLETE, 5);
        assertThat(total(3)).isEqualTo(17);
    }

    @Test
    void aWorkloadThatIsGoneLeavesTheKernelsMapAndLaterTheMetrics() {
        kernel.put(1, Role.SERVER, 200, End.COMPLETE, 10);
        assertThat(total(1)).isEqualTo(10);
        workloads.clear();
        assertThat(total(2)).isEqualTo(10);
        assertThat(kernel.map).hasSize(1);
        assertThat(total(3)).isEqualTo(10);
        assertThat(kernel.map).isEmpty();
        assertThat(total(4)).isEqualTo(10);
        assertThat(total(Duration.ofMinutes(6).toNanos())).isEqualTo(10);
        assertThat(total(Duration.ofMinutes(6).toNanos() + 1)).isZero();
    }

    @Test
    void aWorkloadThatIsGoneKeepsItsName() {
        kernel.put(1, Role.SERVER, 200, End.COMPLETE, 10);
        metrics.collect(Optional.of(kernel), 1);
        workloads.clear();
        assertThat(metrics.collect(Optional.of(kernel), 2).getFirst().getResource())
                .isEqualTo(service("shop"));
    }
}
