package dev.spandrel.agent;

import dev.spandrel.agent.metric.PrometheusText;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What is asked for over HTTP besides the health checks. */
final class Served {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private volatile Supplier<List<MetricData>> metrics = List::of;

    private Served() {}

    static Served on(Router router) {
        Served served = new Served();
        router.get("/metrics").blockingHandler(request -> served.write(request.response()));
        return served;
    }

    /** At the pace of who reads, so that what is not read yet is not in memory. */
    private void write(HttpServerResponse response) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, PrometheusText.CONTENT_TYPE)
                .setChunked(true);
        try {
            PrometheusText.write(metrics.get(), piece -> pass(response, piece));
            response.end();
        } catch (CompletionException e) {
            response.reset();
        }
    }

    private static void pass(HttpServerResponse response, String piece) {
        response.write(piece)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Of these parts from now on. */
    void from(Telemetry telemetry) {
        metrics = telemetry::collect;
    }
}
