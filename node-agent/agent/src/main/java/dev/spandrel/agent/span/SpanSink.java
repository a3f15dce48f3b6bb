package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.Slice;
import java.util.List;

/** Takes one span after another: {@code begin}, attributes, links, {@code end}. Slices are valid during the call only. */
public interface SpanSink {
    /** Ids are those of the record; times are nanoseconds since 1970; flags and trace state as in OTLP. */
    void begin(ExchangeRecord ids, SpanKind kind, String name, long start, long end, int flags, Slice traceState);

    void text(Key key, String value);

    /** Bytes as they came: UTF-8 where the sender was well-behaved. */
    void text(Key key, Slice value);

    void number(Key key, long value);

    void isTrue(Key key);

    void texts(Key key, List<String> values);

    /** An array of one. */
    void texts(Key key, Slice value);

    /** After the attributes: to the span of these 16 and 8 bytes. {@code flags} as in OTLP. */
    void link(Slice traceId, Slice spanId, int flags);

    void end(boolean error);
}
