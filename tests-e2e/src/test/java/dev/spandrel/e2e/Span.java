package dev.spandrel.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One span of an OTLP/JSON line. Ids are lower-case hex, empty where absent; kind 2 is SERVER, 3 is CLIENT. */
record Span(
        String traceId,
        String spanId,
        String parentSpanId,
        String traceState,
        int kind,
        String name,
        long start,
        long end,
        Map<String, String> attributes,
        Map<String, String> resource,
        List<String> links) {
    static final int SERVER = 2;
    static final int CLIENT = 3;

    static Stream<Span> of(JsonNode request) {
        return elements(request.path("resourceSpans"))
                .flatMap(ofResource -> elements(ofResource.path("scopeSpans"))
                        .flatMap(scope -> elements(scope.path("spans")))
                        .map(span -> of(span, attributes(ofResource.path("resource")))));
    }

    private static Span of(JsonNode span, Map<String, String> resource) {
        return new Span(
                span.path("traceId").asText(),
                span.path("spanId").asText(),
                span.path("parentSpanId").asText(),
                span.path("traceState").asText(),
                span.path("kind").asInt(),
                span.path("name").asText(),
                span.path("startTimeUnixNano").asLong(),
                span.path("endTimeUnixNano").asLong(),
                attributes(span),
                resource,
                elements(span.path("links"))
                        .map(link -> link.path("traceId").asText() + "-"
                                + link.path("spanId").asText())
                        .toList());
    }

    private static Map<String, String> attributes(JsonNode holder) {
        Map<String, String> attributes = new HashMap<>();
        elements(holder.path("attributes"))
                .forEach(attribute -> attributes.put(
                        attribute.path("key").asText(),
                        attribute.path("value").elements().next().asText()));
        return attributes;
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    boolean isRoot() {
        return parentSpanId.isEmpty();
    }

    String attribute(String key) {
        return attributes.getOrDefault(key, "");
    }

    /** Path of the request, also for client spans, which carry the whole URL; empty if there is none. */
    String path() {
        String path = attribute("url.path");
        if (!path.isEmpty()) {
            return path;
        }
        String full = attribute("url.full");
        int host = full.indexOf("://");
        int slash = full.indexOf('/', host < 0 ? 0 : host + 3);
        String rest = slash < 0 ? "" : full.substring(slash);
        int query = rest.indexOf('?');
        return query < 0 ? rest : rest.substring(0, query);
    }
}
