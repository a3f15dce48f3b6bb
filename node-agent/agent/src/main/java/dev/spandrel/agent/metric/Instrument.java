package dev.spandrel.agent.metric;

import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.protocol.DatabaseProtocol;
import dev.spandrel.agent.protocol.Dns;
import dev.spandrel.agent.protocol.Graphql;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.Http;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.protocol.Jsonrpc;
import dev.spandrel.agent.protocol.MessagingProtocol;
import dev.spandrel.agent.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;

/** The duration histograms that the kernel counts into, in seconds. */
enum Instrument {
    HTTP_SERVER("http.server.request.duration", "Duration of HTTP server requests.", Bounds.USUAL),
    HTTP_CLIENT("http.client.request.duration", "Duration of HTTP client requests.", Bounds.USUAL),
    RPC_SERVER(
            "rpc.server.call.duration",
            "Measures the duration of an incoming Remote Procedure Call (RPC).",
            Bounds.USUAL),
    RPC_CLIENT(
            "rpc.client.call.duration",
            "Measures the duration of an outgoing Remote Procedure Call (RPC).",
            Bounds.USUAL),
    DB_CLIENT("db.client.operation.duration", "Duration of database client operations.", Bounds.DATABASE),
    /** The conventions have no name for the database's own side. */
    DB_SERVER(
            "spandrel.db.server.operation.duration",
            "Duration of operations as the database's side sees them.",
            Bounds.DATABASE),
    MESSAGING_CLIENT(
            "messaging.client.operation.duration",
            "Duration of messaging operations initiated by a client.",
            Bounds.USUAL),
    /** Nor for the broker's. */
    MESSAGING_SERVER(
            "spandrel.messaging.server.operation.duration",
            "Duration of messaging operations as the broker's side sees them.",
            Bounds.USUAL),
    DNS_CLIENT("dns.lookup.duration", "Duration of questions to name servers.", Bounds.USUAL),
    DNS_SERVER(
            "spandrel.dns.server.lookup.duration",
            "Duration of questions as the name server's side sees them.",
            Bounds.USUAL);

    private static final class Bounds {
        /** Those of the conventions for HTTP, RPC, messages and names. */
        static final List<Double> USUAL =
                List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

        static final List<Double> DATABASE = List.of(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0);
        /** Of {@code requests_value} in event.h: every bound of an instrument is one of these. */
        static final List<Double> KERNEL =
                List.of(0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
    }

    private final String metric;
    private final String description;
    private final List<Double> bounds;

    Instrument(String metric, String description, List<Double> bounds) {
        this.metric = metric;
        this.description = description;
        this.bounds = bounds;
    }

    static Instrument of(Protocol protocol, Role role) {
        boolean client = role == Role.CLIENT;
        return switch (protocol) {
            case Grpc _, Jsonrpc _ -> client ? RPC_CLIENT : RPC_SERVER;
            case Http _, Http2 _, Graphql _ -> client ? HTTP_CLIENT : HTTP_SERVER;
            case DatabaseProtocol _ -> client ? DB_CLIENT : DB_SERVER;
            case MessagingProtocol _ -> client ? MESSAGING_CLIENT : MESSAGING_SERVER;
            case Dns _ -> client ? DNS_CLIENT : DNS_SERVER;
        };
    }

    String metric() {
        return metric;
    }

    String description() {
        return description;
    }

    List<Double> bounds() {
        return bounds;
    }

    /** The kernel's buckets as this instrument's. */
    List<Long> fold(long[] kernel) {
        List<Long> counts = new ArrayList<>();
        long sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            sum += kernel[i];
            if (i == kernel.length - 1 || bounds.contains(Bounds.KERNEL.get(i))) {
                counts.add(sum);
                sum = 0;
            }
        }
        return counts;
    }
}
