package dev.spandrel.agent;

import dev.spandrel.agent.metric.PrometheusText;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.Supplier;

/** What is asked for over HTTP besides the health checks. */
final class Served {
    private volatile Supplier<List<MetricData>> metrics = List::of;

    private Served() {}

    static Served on(Router router) {
        Served served = new Served();
        router.get("/metrics")
                .blockingHandler(request -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, PrometheusText.CONTENT_TYPE)
                        .end(PrometheusText.write(served.metrics.get())));
        return served;
    }

    /** Of these parts from now on. */
    void from(Telemetry telemetry) {
        metrics = telemetry::collect;
    }
}
