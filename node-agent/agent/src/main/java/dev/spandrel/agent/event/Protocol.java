package dev.spandrel.agent.event;

/** {@code enum sp_protocol}, in its order. */
public enum Protocol {
    NONE,
    HTTP1,
    POSTGRESQL;

    private static final Protocol[] ALL = values();

    public static Protocol of(int number) {
        return number < ALL.length ? ALL[number] : NONE;
    }
}
