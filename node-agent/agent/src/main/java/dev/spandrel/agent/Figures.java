package dev.spandrel.agent;

import dev.spandrel.agent.export.SpanExport;
import dev.spandrel.agent.metric.AgentFigures;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.tls.TlsFigures;
import dev.spandrel.agent.workload.WorkloadIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Asks the running parts. {@code sensor}, {@code configured} and {@code drifted} are late: the control half is built after the data half. */
record Figures(
        DataHalf data,
        WorkloadIndex workloads,
        Supplier<Optional<Sensor>> sensor,
        LongSupplier configured,
        LongSupplier drifted,
        Supplier<TlsFigures> tls,
        Supplier<Map<String, Long>> probes)
        implements AgentFigures {

    @Override
    public long records() {
        return data.drain().records();
    }

    @Override
    public long malformed() {
        return data.drain().malformed();
    }

    @Override
    public long queueSize() {
        return data.queue().size();
    }

    @Override
    public long queueOverflow() {
        return data.queue().overflow();
    }

    @Override
    public long exported() {
        return data.export().map(SpanExport::exported).orElse(0L);
    }

    @Override
    public long refused() {
        return data.export().map(SpanExport::refused).orElse(0L);
    }

    @Override
    public Map<String, Long> probesLost() {
        return probes.get();
    }

    @Override
    public long programsAttached() {
        return sensor.get()
                .filter(Sensor::attached)
                .map(loaded -> loaded.programIds().keySet().stream()
                        .filter(program -> !program.equals("sp_flush") && !program.equals("sp_forget"))
                        .count())
                .orElse(0L);
    }

    @Override
    public long generation() {
        return configured.getAsLong();
    }

    @Override
    public long drift() {
        return drifted.getAsLong();
    }

    @Override
    public Map<String, Long> tlsProbed() {
        return tls.get().probed();
    }

    @Override
    public Map<TlsFigures.Refusal, Long> tlsRefused() {
        return tls.get().refused();
    }

    @Override
    public long cgroups() {
        return workloads.size();
    }

    @Override
    public long ringBacklog() {
        AtomicLong backlog = new AtomicLong();
        sensor.get()
                .ifPresent(loaded ->
                        loaded.whileOpen(() -> backlog.set(loaded.ring().backlog())));
        return backlog.get();
    }

    @Override
    public long residentBytes() {
        try {
            String[] fields = Files.readString(Path.of("/proc/self/statm")).split(" ");
            return Long.parseLong(fields[1]) * 4096;
        } catch (IOException e) {
            return 0;
        }
    }
}
