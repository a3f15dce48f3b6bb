package dev.spandrel.probe.live.session;

/** The kernel took a program or an attach point not; the message is for people. */
public final class Refusal extends RuntimeException {
    /** Where in the source, from 1; 0 where it is about the whole. */
    private final int line;

    private final int column;
    private final String reason;

    public Refusal(String message) {
        this(message, message, 0, 0);
    }

    /** @param reason without the place */
    Refusal(String message, String reason, int line, int column) {
        super(message);
        this.reason = reason;
        this.line = line;
        this.column = column;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    public String reason() {
        return reason;
    }
}
