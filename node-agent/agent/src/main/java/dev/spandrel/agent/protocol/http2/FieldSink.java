package dev.spandrel.agent.protocol.http2;

/** Takes the fields of a header block in their order. */
@FunctionalInterface
public interface FieldSink {
    FieldSink NONE = field -> {};

    void field(Field field);
}
