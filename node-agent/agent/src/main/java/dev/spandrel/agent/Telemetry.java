package dev.spandrel.agent;

import dev.spandrel.agent.decorate.Resources;
import dev.spandrel.agent.event.Drain;
import dev.spandrel.agent.metric.AgentMetrics;
import dev.spandrel.agent.metric.KernelCounts;
import dev.spandrel.agent.metric.RequestMetrics;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.SensorListener;
import dev.spandrel.agent.stream.Streams;
import dev.spandrel.agent.workload.WorkloadIndex;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ties the data half to the life of the sensor: what it emits is drained, what it counts is read, also at its end. */
final class Telemetry implements SensorListener {
    private final Drain drain;
    private final Streams streams;
    private final RequestMetrics requests;
    private final AgentMetrics agent;
    private Optional<KernelCounts> kernel = Optional.empty();

    Telemetry(Drain drain, Streams streams, WorkloadIndex workloads, String hostName, Figures figures) {
        this.drain = drain;
        this.streams = streams;
        this.requests = new RequestMetrics(
                cgroup -> Optional.ofNullable(workloads.byCgroup(cgroup))
                        .map(workload -> resource(Resources.ofWorkload(workload, hostName))),
                resource(Resources.ofWorkload(null, hostName)));
        this.agent = new AgentMetrics(
                resource(Map.of("host.name", hostName, "service.name", "spandrel-agent")), figures, now());
    }

    @Override
    public synchronized void loaded(Sensor sensor) {
        kernel = Optional.of(new AllCounts(new SensorCounts(sensor), streams.counts()));
        streams.share(sensor.rates());
        drain.attach(new SensorRecords(sensor));
    }

    @Override
    public synchronized void unloading(Sensor sensor) {
        drain.detach();
        streams.alone();
        kernel.ifPresent(last -> {
            requests.settle(last);
            agent.settle(last);
        });
        streams.counts().clear();
        kernel = Optional.empty();
    }

    synchronized List<MetricData> collect() {
        long now = now();
        List<MetricData> metrics = new ArrayList<>(requests.collect(kernel, now));
        metrics.addAll(agent.collect(kernel, now));
        return metrics;
    }

    /** By reason, since start. */
    synchronized Map<String, Long> lost() {
        return agent.lost(kernel);
    }

    private static Resource resource(Map<String, Object> attributes) {
        AttributesBuilder builder = Attributes.builder();
        attributes.forEach((key, value) -> builder.put(key, value.toString()));
        return Resource.create(builder.build());
    }

    private static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
