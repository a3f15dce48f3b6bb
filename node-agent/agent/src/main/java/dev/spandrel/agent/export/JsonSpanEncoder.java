package dev.spandrel.agent.export;

import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.span.SpanSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** OTLP/JSON, one request on one line. */
final class JsonSpanEncoder implements SpanEncoder {
    private final Map<TracedResource, JsonSpanSink> sinks = new IdentityHashMap<>();
    private final Map<TracedResource, JsonSpanSink> order = new LinkedHashMap<>();
    private final String version;

    JsonSpanEncoder(String version) {
        this.version = version;
    }

    @Override
    public void start() {
        sinks.clear();
        order.clear();
    }

    @Override
    public SpanSink of(TracedResource resource) {
        return sinks.computeIfAbsent(resource, key -> {
            JsonSpanSink sink = new JsonSpanSink(new JsonText());
            order.put(key, sink);
            return sink;
        });
    }

    @Override
    public ByteBuffer finish() {
        JsonText json = new JsonText();
        json.open('{').key("resourceSpans").open('[');
        order.forEach((resource, sink) -> {
            json.item().open('{').key("resource").open('{').key("attributes").open('[');
            resource.attributes().forEach((key, value) -> {
                json.item().open('{').key("key").text(key).key("value").open('{');
                if (value instanceof Long number) {
                    json.key("intValue").quoted(number);
                } else {
                    json.key("stringValue").text(value.toString());
                }
                json.close('}').close('}');
            });
            json.close(']')
                    .close('}')
                    .key("scopeSpans")
                    .open('[')
                    .item()
                    .open('{')
                    .key("scope")
                    .open('{');
            json.key("name")
                    .text(SCOPE)
                    .key("version")
                    .text(version)
                    .close('}')
                    .key("spans")
                    .open('[');
            json.raw(sink.spans()).close(']').close('}').close(']').close('}');
        });
        return ByteBuffer.wrap(json.close(']').close('}').line().getBytes(StandardCharsets.UTF_8));
    }
}
