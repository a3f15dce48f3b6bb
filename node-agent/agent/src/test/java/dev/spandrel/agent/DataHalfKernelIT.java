package dev.spandrel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.export.Outcome;
import dev.spandrel.agent.export.Receiver;
import dev.spandrel.agent.export.SpanEncoder;
import dev.spandrel.agent.metric.PrometheusText;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.KernelRung;
import dev.spandrel.agent.program.Sensors;
import dev.spandrel.agent.tls.TlsFigures;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.ebpf.Cgroup2;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real ring and real maps, filled by a program that needs no traffic: nothing may be lost between kernel and receiver, also at the end. */
class DataHalfKernelIT {
    private static final int RECORDS = 20_000;

    private static final class Collecting implements Receiver {
        final List<byte[]> requests = new ArrayList<>();

        @Override
        public SpanEncoder encoder(String version) {
            return Receiver.protobuf(version);
        }

        @Override
        public Outcome send(ByteBuffer request, int spans, Duration timeout) {
            requests.add(Arrays.copyOf(request.array(), request.remaining()));
            return new Outcome.Accepted();
        }

        @Override
        public String description() {
            return "memory";
        }

        @Override
        public void close() {}

        int spans() throws IOException {
            int count = 0;
            for (byte[] request : requests) {
                for (var resource : ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
                    count += resource.getScopeSpans(0).getSpansCount();
                }
            }
            return count;
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void everythingEmittedArrives(Backend backend) throws Exception {
        var choice = KernelRung.require(backend);
        byte[] object = KernelRung.emitter(backend, RECORDS);
        Collecting receiver = new Collecting();
        WorkloadIndex workloads = new WorkloadIndex();
        Outputs outputs = new Outputs(
                Optional.of(receiver),
                Duration.ZERO,
                Duration.ofSeconds(1),
                Optional.empty(),
                Duration.ofDays(1),
                Optional.empty(),
                Duration.ofDays(1),
                Duration.ofSeconds(1),
                Optional.empty());
        Path cgroup = Cgroup2.mount()
                .orElseThrow()
                .resolve("spandrel-data-" + ProcessHandle.current().pid());
        DataHalf data = new DataHalf(workloads, "host", outputs, 16 << 20);
        Telemetry telemetry = new Telemetry(
                data.drain(),
                data.streams(),
                workloads,
                "host",
                new Figures(
                        data,
                        workloads,
                        Optional::empty,
                        () -> 1,
                        () -> 0,
                        () -> new TlsFigures(Map.of(), Map.of()),
                        () -> Map.of("samples", 2L)));
        data.start();
        try (Sensors sensors = new Sensors(choice, any -> object, telemetry, Layouts::differences)) {
            sensors.load();
            sensors.attach(true);
            Files.createDirectory(cgroup);
            String metrics = text(telemetry.collect());
            assertThat(metrics)
                    .contains("http_server_request_duration_seconds_count")
                    .contains("} " + RECORDS + "\n");
            sensors.unload();
            assertThat(text(telemetry.collect()))
                    .containsPattern("http_server_request_duration_seconds_count\\S+ " + RECORDS + "\n")
                    .containsPattern("spandrel_records_total\\S+ " + RECORDS + "\n")
                    .containsPattern("spandrel_probes_lost_total\\S+\"samples\"\\S+ 2\n")
                    .containsPattern("spandrel_lost_total\\S+reason=\"ring_full\"} 0\n");
        } finally {
            data.close();
            Files.deleteIfExists(cgroup);
        }
        assertThat(receiver.spans()).isEqualTo(RECORDS);
        assertThat(data.queue().size()).isZero();
    }

    private static String text(List<MetricData> metrics) {
        StringBuilder text = new StringBuilder();
        PrometheusText.write(metrics, text::append);
        return text.toString();
    }
}
