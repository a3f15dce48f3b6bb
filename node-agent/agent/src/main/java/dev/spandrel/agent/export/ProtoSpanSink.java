package dev.spandrel.agent.export;

import static dev.spandrel.agent.export.ProtoBuffer.varintSize;

import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.span.Key;
import dev.spandrel.agent.span.SpanKind;
import dev.spandrel.agent.span.SpanSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The spans of one resource as {@code ScopeSpans.spans} fields. */
final class ProtoSpanSink implements SpanSink {
    private static final int SPANS = 2;
    private static final int TRACE_ID = 1;
    private static final int SPAN_ID = 2;
    private static final int TRACE_STATE = 3;
    private static final int PARENT_SPAN_ID = 4;
    private static final int NAME = 5;
    private static final int KIND = 6;
    private static final int START = 7;
    private static final int END = 8;
    private static final int ATTRIBUTES = 9;
    private static final int LINKS = 13;
    private static final int STATUS = 15;
    private static final int FLAGS = 16;
    private static final int LINK_FLAGS = 6;
    private static final int STATUS_CODE = 3;
    private static final int STATUS_ERROR = 2;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int STRING_VALUE = 1;
    private static final int BOOL_VALUE = 2;
    private static final int INT_VALUE = 3;
    private static final int ARRAY_VALUE = 5;

    private static final SortedMap<String, Object> NO_ATTRIBUTES = new TreeMap<>();

    private final ProtoBuffer out;
    private TracedResource resource = new TracedResource(NO_ATTRIBUTES, List.of());
    private int span;

    ProtoSpanSink(ProtoBuffer out) {
        this.out = out;
    }

    void start(TracedResource of) {
        resource = of;
        out.clear();
    }

    TracedResource resource() {
        return resource;
    }

    ProtoBuffer spans() {
        return out;
    }

    @Override
    public void begin(
            ExchangeRecord ids, SpanKind kind, String name, long start, long end, int flags, Slice traceState) {
        span = out.open(SPANS);
        out.bytes(TRACE_ID, ids.bytes(), ids.traceIdOffset(), 16);
        out.bytes(SPAN_ID, ids.bytes(), ids.spanIdOffset(), 8);
        if (!traceState.isEmpty()) {
            out.string(TRACE_STATE, traceState);
        }
        if (ids.hasParent()) {
            out.bytes(PARENT_SPAN_ID, ids.bytes(), ids.parentSpanIdOffset(), 8);
        }
        out.string(NAME, name);
        out.varint(KIND, kind.number());
        out.fixed64(START, start);
        out.fixed64(END, end);
        out.fixed32(FLAGS, flags);
    }

    @Override
    public void text(Key key, String value) {
        // The length of ASCII is known beforehand; other text is rare and takes the way of the slices.
        int start = out.size();
        stringPrefix(key, value.length());
        if (!out.ascii(STRING_VALUE, value)) {
            out.truncate(start);
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            bytes(key, utf8, 0, utf8.length);
        }
    }

    @Override
    public void text(Key key, Slice value) {
        if (value.isAscii()) {
            bytes(key, value.bytes(), value.from(), value.length());
        } else {
            text(key, value.toString());
        }
    }

    private void bytes(Key key, byte[] source, int from, int length) {
        stringPrefix(key, length);
        out.bytes(STRING_VALUE, source, from, length);
    }

    @Override
    public void number(Key key, long value) {
        out.keyValue(ATTRIBUTES, key.utf8(), 1 + varintSize(value));
        out.varint(INT_VALUE, value);
    }

    @Override
    public void isTrue(Key key) {
        out.keyValue(ATTRIBUTES, key.utf8(), 1 + varintSize(1));
        out.varint(BOOL_VALUE, 1);
    }

    @Override
    public void texts(Key key, List<String> values) {
        int attribute = openArray(key);
        int array = out.open(ARRAY_VALUE);
        for (String value : values) {
            int element = out.open(1);
            out.string(STRING_VALUE, value);
            out.close(element);
        }
        out.close(array);
        closeArray(attribute);
    }

    @Override
    public void texts(Key key, Slice value) {
        int attribute = openArray(key);
        int array = out.open(ARRAY_VALUE);
        int element = out.open(1);
        out.string(STRING_VALUE, value);
        out.close(element);
        out.close(array);
        closeArray(attribute);
    }

    @Override
    public void link(Slice traceId, Slice spanId, int flags) {
        int link = out.open(LINKS);
        out.bytes(TRACE_ID, traceId.bytes(), traceId.from(), 16);
        out.bytes(SPAN_ID, spanId.bytes(), spanId.from(), 8);
        out.fixed32(LINK_FLAGS, flags);
        out.close(link);
    }

    @Override
    public void end(boolean error) {
        if (error) {
            int status = out.open(STATUS);
            out.varint(STATUS_CODE, STATUS_ERROR);
            out.close(status);
        }
        out.close(span);
    }

    /** A KeyValue of a resource: rare, so that its size does not matter. */
    static void attribute(ProtoBuffer out, int field, String key, Object value) {
        int attribute = out.open(field);
        out.string(KEY, key);
        int any = out.open(VALUE);
        if (value instanceof Long number) {
            out.varint(INT_VALUE, number);
        } else {
            out.string(STRING_VALUE, value.toString());
        }
        out.close(any);
        out.close(attribute);
    }

    private int attribute;

    private int openArray(Key key) {
        attribute = out.open(ATTRIBUTES);
        out.bytes(KEY, key.utf8(), 0, key.utf8().length);
        return out.open(VALUE);
    }

    private void closeArray(int any) {
        out.close(any);
        out.close(attribute);
    }

    private void stringPrefix(Key key, int length) {
        out.keyValue(ATTRIBUTES, key.utf8(), 1 + varintSize(length) + length);
    }
}
