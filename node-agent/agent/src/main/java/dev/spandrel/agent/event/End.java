package dev.spandrel.agent.event;

/** {@code enum sp_end}, in its order. */
public enum End {
    COMPLETE(""),
    SILENCE(""),
    CLOSE(""),
    ABORTED("connection_closed"),
    RESET("connection_reset"),
    LOST(""),
    STREAM("stream_reset"),
    TIMEOUT("timeout");

    private static final End[] ALL = values();

    private final String errorType;

    End(String errorType) {
        this.errorType = errorType;
    }

    public static End of(int number) {
        return number < ALL.length ? ALL[number] : LOST;
    }

    /** Value of {@code error.type} where the end itself is the error, else empty. */
    public String errorType() {
        return errorType;
    }
}
