package dev.spandrel.agent;

import dev.spandrel.agent.decorate.Executables;
import dev.spandrel.agent.decorate.Resources;
import dev.spandrel.agent.event.Drain;
import dev.spandrel.agent.event.ExchangeSink;
import dev.spandrel.agent.export.SpanExport;
import dev.spandrel.agent.export.SpanQueue;
import dev.spandrel.agent.stream.Streams;
import dev.spandrel.agent.workload.WorkloadIndex;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Ring → exchange → span → receiver: the parts of the data half and the two threads that drive them. */
final class DataHalf implements ExchangeSink, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DataHalf.class);
    private static final long DETACHED_PAUSE = Duration.ofMillis(5).toNanos();
    private static final Duration LAST_WORDS = Duration.ofMillis(2500);

    private final Drain drain;
    private final Resources resources;
    private final SpanQueue queue;
    private final Streams streams;
    private final Optional<SpanExport> export;
    private final Thread drainThread =
            Thread.ofPlatform().name("spandrel-drain").daemon().unstarted(this::drainLoop);
    private final Thread exportThread =
            Thread.ofPlatform().name("spandrel-export").daemon().unstarted(this::exportLoop);
    private volatile boolean running = true;

    DataHalf(WorkloadIndex workloads, String hostName, Outputs outputs, long queueBytes) {
        this.resources = new Resources(workloads, Executables.proc(), hostName);
        this.queue = new SpanQueue(queueBytes, System::nanoTime);
        this.export = outputs.spans()
                .map(to -> new SpanExport(queue, to, Options.VERSION, outputs.spanAge(), outputs.spanTimeout()));
        this.streams =
                new Streams(workloads, record -> exchange(record, 0, (int) record.byteSize()), new SplittableRandom());
        this.drain = new Drain(this, workloads, System::nanoTime);
    }

    void start() {
        drainThread.start();
        export.ifPresent(_ -> exportThread.start());
    }

    Drain drain() {
        return drain;
    }

    SpanQueue queue() {
        return queue;
    }

    Optional<SpanExport> export() {
        return export;
    }

    @Override
    public void exchange(MemorySegment data, long offset, int length) {
        if (export.isPresent()) {
            queue.offer(resources.of(data, offset), data, offset, length);
        }
    }

    @Override
    public void statement(MemorySegment data, long offset, int length) {
        if (export.isPresent()) {
            queue.note(data, offset, length);
        }
    }

    @Override
    public void stream(MemorySegment data, long offset, int length) {
        streams.news(data, offset, length);
    }

    @Override
    public void passed(long now) {
        streams.passed(now);
    }

    Streams streams() {
        return streams;
    }

    private void drainLoop() {
        while (running) {
            try {
                if (drain.doWork() == 0 && !drain.isAttached()) {
                    LockSupport.parkNanos(DETACHED_PAUSE);
                }
            } catch (RuntimeException e) {
                LOG.error("draining the ring failed, going on", e);
                LockSupport.parkNanos(DETACHED_PAUSE);
            }
        }
    }

    private void exportLoop() {
        SpanExport exporter = export.orElseThrow();
        try {
            while (exporter.doWork()) {}
        } catch (InterruptedException e) {
            LOG.debug("export ends");
        }
    }

    /** After the sensor is gone: what waits has this moment to leave. */
    @Override
    public void close() throws InterruptedException {
        running = false;
        drainThread.join(Duration.ofSeconds(1));
        if (export.isPresent()) {
            export.get().stop();
            exportThread.join(LAST_WORDS);
            exportThread.interrupt();
        }
    }
}
