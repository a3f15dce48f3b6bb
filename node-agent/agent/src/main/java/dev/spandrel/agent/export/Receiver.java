package dev.spandrel.agent.export;

import java.time.Duration;

/** Where spans go. */
public interface Receiver extends AutoCloseable {
    /** A fresh encoder of the form this receiver reads. */
    SpanEncoder encoder(String version);

    static SpanEncoder protobuf(String version) {
        return new ProtoSpanEncoder(version);
    }

    /** Sends one encoded request; answers within about the timeout. */
    Outcome send(byte[] request, int spans, Duration timeout);

    /** For the log, e.g. {@code OTLP http/protobuf}. */
    String description();

    @Override
    void close();
}
