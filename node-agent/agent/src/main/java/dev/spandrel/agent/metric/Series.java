package dev.spandrel.agent.metric;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.RequestCount;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.span.Addresses;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;

/** One time series of a request duration histogram. Several kernel entries may count into it. */
record Series(Resource resource, Role role, Attributes attributes) {
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> PROTOCOL = AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");

    static Series of(Resource resource, RequestCount entry) {
        AttributesBuilder attributes = Attributes.builder()
                .put(METHOD, entry.method().attribute())
                .put(SCHEME, "http")
                .put(PROTOCOL, entry.minorVersion() == 0 ? "1.0" : "1.1")
                .put(PORT, (long) entry.serverPort());
        if (entry.status() != 0) {
            attributes.put(STATUS, (long) entry.status());
        }
        if (entry.role() == Role.CLIENT) {
            attributes.put(ADDRESS, Addresses.text(entry.serverAddress(), 0));
        }
        String error = errorType(entry);
        if (!error.isEmpty()) {
            attributes.put(ERROR, error);
        }
        return new Series(resource, entry.role(), attributes.build());
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
