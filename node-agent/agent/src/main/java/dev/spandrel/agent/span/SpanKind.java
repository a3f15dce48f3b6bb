package dev.spandrel.agent.span;

/** With the number OTLP gives it. */
public enum SpanKind {
    SERVER(2),
    CLIENT(3),
    PRODUCER(4),
    CONSUMER(5);

    private final int number;

    SpanKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
