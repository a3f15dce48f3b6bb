package dev.spandrel.agent.metric;

import dev.spandrel.agent.event.Protocol;
import dev.spandrel.agent.event.Role;
import java.util.List;

/** The duration histograms that the kernel counts into. Bounds, in seconds, are those of {@code requests_value} in event.h. */
enum Instrument {
    HTTP_SERVER("http.server.request.duration", "Duration of HTTP server requests."),
    HTTP_CLIENT("http.client.request.duration", "Duration of HTTP client requests."),
    DB_CLIENT("db.client.operation.duration", "Duration of database client operations."),
    /** The conventions have no name for the database's own side. */
    DB_SERVER("spandrel.db.server.operation.duration", "Duration of operations as the database's side sees them.");

    private static final List<Double> HTTP_BOUNDS =
            List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
    private static final List<Double> DB_BOUNDS = List.of(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0);

    private final String metric;
    private final String description;

    Instrument(String metric, String description) {
        this.metric = metric;
        this.description = description;
    }

    static Instrument of(Protocol protocol, Role role) {
        boolean client = role == Role.CLIENT;
        return switch (protocol) {
            case POSTGRESQL -> client ? DB_CLIENT : DB_SERVER;
            case NONE, HTTP1 -> client ? HTTP_CLIENT : HTTP_SERVER;
        };
    }

    String metric() {
        return metric;
    }

    String description() {
        return description;
    }

    List<Double> bounds() {
        return this == HTTP_SERVER || this == HTTP_CLIENT ? HTTP_BOUNDS : DB_BOUNDS;
    }
}
