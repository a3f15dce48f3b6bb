package dev.spandrel.agent.export;

import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.span.SpanSink;
import java.nio.ByteBuffer;

/** Collects the spans of one batch into one ExportTraceServiceRequest. */
public interface SpanEncoder {
    String SCOPE = "dev.spandrel";

    void start();

    /** Where the next span goes. Spans of one resource end up under one ResourceSpans. */
    SpanSink of(TracedResource resource);

    /** The whole request; valid until the next start. */
    ByteBuffer finish();
}
