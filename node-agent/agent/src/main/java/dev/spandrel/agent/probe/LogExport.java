package dev.spandrel.agent.probe;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/** Printed records on their way to the receiver: a queue with an end, and batches. What finds no room or is not taken is counted. */
public final class LogExport {
    private static final Logger LOG = Logger.getLogger(LogExport.class);
    private static final int ROOM = 16_384;
    private static final int BATCH = 2_048;

    private final LogRecordExporter exporter;
    private final Duration timeout;
    private final BlockingQueue<LogRecordData> waiting = new ArrayBlockingQueue<>(ROOM);
    private final LongAdder lost = new LongAdder();
    private boolean failing;

    public LogExport(LogRecordExporter exporter, Duration timeout) {
        this.exporter = exporter;
        this.timeout = timeout;
    }

    void offer(LogRecordData record) {
        if (!waiting.offer(record)) lost.increment();
    }

    /** Sends all that wait. */
    public void doWork() {
        List<LogRecordData> batch = new ArrayList<>();
        while (waiting.drainTo(batch, BATCH) > 0) {
            send(batch);
            batch.clear();
        }
    }

    private void send(List<LogRecordData> batch) {
        CompletableResultCode result =
                exporter.export(List.copyOf(batch)).join(timeout.toMillis(), TimeUnit.MILLISECONDS);
        boolean failed = !result.isDone() || !result.isSuccess();
        if (failed) lost.add(batch.size());
        if (failed != failing) {
            LOG.infof(
                    failed
                            ? "what probes print does not arrive at its receiver: %s"
                            : "what probes print arrives again%s",
                    failed ? String.valueOf(result.getFailureThrowable()) : "");
        }
        failing = failed;
    }

    /** Records that did not leave. */
    public long lost() {
        return lost.sum();
    }

    public void close() {
        exporter.shutdown();
    }
}
