package dev.spandrel.agent.export;

import java.nio.ByteBuffer;
import java.time.Duration;

/** Where spans go. */
public interface Receiver extends AutoCloseable {
    /** A fresh encoder of the form this receiver reads. */
    SpanEncoder encoder(String version);

    static SpanEncoder protobuf(String version) {
        return new ProtoSpanEncoder(version);
    }

    /** Sends one encoded request, all of an array-backed buffer, by any thread; answers within about the timeout. */
    Outcome send(ByteBuffer request, int spans, Duration timeout);

    /** For the log, e.g. {@code OTLP http/protobuf}. */
    String description();

    @Override
    void close();
}
