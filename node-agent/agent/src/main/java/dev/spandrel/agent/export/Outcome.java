package dev.spandrel.agent.export;

/** What became of one request to a receiver. */
public sealed interface Outcome {
    record Accepted() implements Outcome {}

    /** The receiver is away or asks for patience: the same request may be sent again. */
    record Retry(String reason) implements Outcome {}

    /** The receiver will never take this request. */
    record Refused(String reason) implements Outcome {}
}
