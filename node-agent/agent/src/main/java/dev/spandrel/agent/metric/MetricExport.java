package dev.spandrel.agent.metric;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Pushes the cumulative sums. One that does not arrive is no loss: the next holds it too. */
public final class MetricExport {
    private static final Logger LOG = Logger.getLogger(MetricExport.class);

    private final MetricExporter exporter;
    private final Supplier<Collection<MetricData>> source;
    private final Duration timeout;
    private boolean failing;

    public MetricExport(MetricExporter exporter, Supplier<Collection<MetricData>> source, Duration timeout) {
        this.exporter = exporter;
        this.source = source;
        this.timeout = timeout;
    }

    public void doWork() {
        CompletableResultCode result = exporter.export(source.get()).join(timeout.toMillis(), TimeUnit.MILLISECONDS);
        boolean failed = !result.isDone() || !result.isSuccess();
        if (failed != failing) {
            LOG.infof(
                    failed ? "metrics do not arrive at their receiver: %s" : "metrics arrive again%s",
                    failed ? String.valueOf(result.getFailureThrowable()) : "");
        }
        failing = failed;
    }

    public void close() {
        exporter.shutdown();
    }
}
