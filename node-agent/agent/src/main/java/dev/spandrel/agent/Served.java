package dev.spandrel.agent;

import dev.spandrel.agent.metric.PrometheusText;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;

/** What is asked for over HTTP besides the health checks. */
record Served(Router router, Telemetry telemetry) {
    void start() {
        router.get("/metrics")
                .blockingHandler(request -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, PrometheusText.CONTENT_TYPE)
                        .end(PrometheusText.write(telemetry.collect())));
    }
}
