package dev.spandrel.agent.event;

/** {@code enum sp_news}, in its order. */
public enum News {
    HEADERS,
    DATA,
    END,
    RESET,
    GOAWAY,
    CLOSED,
    CLOSING,
    FORGET,
    BODY;

    private static final News[] ALL = values();

    public static News of(int number) {
        return number < ALL.length ? ALL[number] : DATA;
    }
}
