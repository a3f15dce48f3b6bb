package dev.spandrel.agent.export;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.span.Key;
import dev.spandrel.agent.span.SpanKind;
import dev.spandrel.agent.span.SpanSink;
import java.util.List;

/** The spans of one resource as elements of {@code scopeSpans[].spans}. */
final class JsonSpanSink implements SpanSink {
    private final JsonText json;
    private boolean linked;

    JsonSpanSink(JsonText json) {
        this.json = json;
    }

    String spans() {
        return json.toString();
    }

    @Override
    public void begin(
            ExchangeRecord ids, SpanKind kind, String name, long start, long end, int flags, Slice traceState) {
        json.item().open('{').key("traceId").hex(ids.bytes(), ids.traceIdOffset(), 16);
        json.key("spanId").hex(ids.bytes(), ids.spanIdOffset(), 8);
        if (!traceState.isEmpty()) {
            json.key("traceState").text(traceState.toString());
        }
        if (ids.hasParent()) {
            json.key("parentSpanId").hex(ids.bytes(), ids.parentSpanIdOffset(), 8);
        }
        json.key("flags").number(flags);
        json.key("name").text(name).key("kind").number(kind.number());
        json.key("startTimeUnixNano").quoted(start).key("endTimeUnixNano").quoted(end);
        json.key("attributes").open('[');
    }

    @Override
    public void text(Key key, String value) {
        attribute(key).key("stringValue").text(value).close('}').close('}');
    }

    @Override
    public void text(Key key, Slice value) {
        text(key, value.toString());
    }

    @Override
    public void number(Key key, long value) {
        attribute(key).key("intValue").quoted(value).close('}').close('}');
    }

    @Override
    public void isTrue(Key key) {
        attribute(key).key("boolValue").raw("true").close('}').close('}');
    }

    @Override
    public void texts(Key key, List<String> values) {
        attribute(key).key("arrayValue").open('{').key("values").open('[');
        for (String value : values) {
            json.item().open('{').key("stringValue").text(value).close('}');
        }
        json.close(']').close('}').close('}').close('}');
    }

    @Override
    public void texts(Key key, Slice value) {
        texts(key, List.of(value.toString()));
    }

    @Override
    public void link(Slice traceId, Slice spanId, int flags) {
        if (!linked) {
            json.close(']').key("links").open('[');
            linked = true;
        }
        json.item().open('{').key("traceId").hex(traceId.bytes(), traceId.from(), 16);
        json.key("spanId").hex(spanId.bytes(), spanId.from(), 8);
        json.key("flags").number(flags).close('}');
    }

    @Override
    public void end(boolean error) {
        linked = false;
        json.close(']').key("status").open('{');
        if (error) {
            json.key("code").number(2);
        }
        json.close('}').close('}');
    }

    private JsonText attribute(Key key) {
        return json.item().open('{').key("key").text(key.name()).key("value").open('{');
    }
}
