package dev.spandrel.agent.metric;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.RequestCount;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.protocol.DatabaseProtocol;
import dev.spandrel.agent.protocol.Dns;
import dev.spandrel.agent.protocol.Graphql;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.GrpcStatus;
import dev.spandrel.agent.protocol.Http;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.protocol.Jsonrpc;
import dev.spandrel.agent.protocol.MessagingProtocol;
import dev.spandrel.agent.protocol.Protocol;
import dev.spandrel.agent.protocol.Protocols;
import dev.spandrel.agent.span.Addresses;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;

/** One time series of a request duration histogram. Several kernel entries may count into it. */
record Series(Resource resource, Instrument instrument, Attributes attributes) {
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");

    private static final AttributeKey<String> RPC_SYSTEM = AttributeKey.stringKey("rpc.system.name");
    private static final AttributeKey<String> RPC_METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<String> RPC_STATUS = AttributeKey.stringKey("rpc.response.status_code");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
    private static final AttributeKey<String> DB_STATUS = AttributeKey.stringKey("db.response.status_code");
    private static final AttributeKey<String> BROKER = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> MESSAGING = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> MESSAGING_TYPE = AttributeKey.stringKey("messaging.operation.type");
    /** Of these no bytes are read here, so that any thread may ask. */
    private static final Protocols PROTOCOLS = new Protocols();

    static Series of(Resource resource, RequestCount entry) {
        AttributesBuilder attributes = Attributes.builder();
        Protocol protocol = PROTOCOLS.of(entry.protocol());
        String error = switch (protocol) {
            case Grpc _ -> grpc(entry, attributes);
            case Jsonrpc _ -> jsonrpc(entry, attributes);
            case Http _, Http2 _, Graphql _ -> http(protocol, entry, attributes);
            case DatabaseProtocol database -> database(database, entry, attributes);
            case MessagingProtocol broker -> messaging(broker, entry, attributes);
            case Dns dns -> named(entry, dns.error(entry.status()));
        };
        attributes.put(PORT, (long) entry.serverPort());
        if (entry.role() == Role.CLIENT) {
            attributes.put(ADDRESS, Addresses.text(entry.serverAddress(), 0));
        }
        if (!error.isEmpty()) {
            attributes.put(ERROR, error);
        }
        return new Series(resource, Instrument.of(protocol, entry.role()), attributes.build());
    }

    /** Answers the error's type, or nothing. */
    private static String http(Protocol protocol, RequestCount entry, AttributesBuilder attributes) {
        attributes
                .put(METHOD, entry.method().attribute())
                .put(SCHEME, entry.tls() ? "https" : "http")
                .put(VERSION, version(protocol, entry));
        if (entry.status() != 0) {
            attributes.put(STATUS, (long) entry.status());
        }
        return errorType(entry);
    }

    private static String version(Protocol protocol, RequestCount entry) {
        if (protocol instanceof Http2) {
            return "2";
        }
        return entry.minorVersion() == 0 ? "1.0" : "1.1";
    }

    private static String grpc(RequestCount entry, AttributesBuilder attributes) {
        attributes.put(RPC_SYSTEM, Grpc.SYSTEM);
        if (!entry.operation().isEmpty()) {
            attributes.put(RPC_METHOD, entry.operation());
        }
        if (entry.status() == 0) {
            return entry.end().errorType();
        }
        String status = GrpcStatus.name(entry.status());
        attributes.put(RPC_STATUS, status);
        return GrpcStatus.isError(entry.status(), entry.role() == Role.CLIENT) ? status : "";
    }

    /** Of which HTTP's status alone is counted. */
    private static String jsonrpc(RequestCount entry, AttributesBuilder attributes) {
        attributes.put(RPC_SYSTEM, Jsonrpc.SYSTEM);
        return errorType(entry);
    }

    private static String database(DatabaseProtocol database, RequestCount entry, AttributesBuilder attributes) {
        attributes.put(SYSTEM, database.system(entry.minorVersion()));
        String operation = database.operation(entry.code());
        if (!operation.isEmpty()) {
            attributes.put(OPERATION, operation);
        }
        String error = entry.end().errorType();
        if (entry.status() != 0) {
            String code = database.error(entry.status());
            attributes.put(DB_STATUS, code);
            error = error.isEmpty() && database.isError(entry.status()) ? code : error;
        }
        return error;
    }

    private static String messaging(MessagingProtocol broker, RequestCount entry, AttributesBuilder attributes) {
        attributes.put(BROKER, broker.system()).put(MESSAGING, broker.operation(entry.code()));
        String type = broker.type(entry.code());
        if (!type.isEmpty()) {
            attributes.put(MESSAGING_TYPE, type);
        }
        return named(entry, broker.error(entry.status()));
    }

    /** The error's type where the status, or else the end, is one. */
    private static String named(RequestCount entry, String status) {
        String error = entry.end().errorType();
        return error.isEmpty() && entry.status() != 0 ? status : error;
    }

    private static String errorType(RequestCount entry) {
        End end = entry.end();
        if (!end.errorType().isEmpty()) {
            return end.errorType();
        }
        int from = entry.role() == Role.CLIENT ? 400 : 500;
        return entry.status() >= from ? Integer.toString(entry.status()) : "";
    }
}
