package dev.spandrel.agent.event;

/** {@code enum sp_parent}, in its order. */
public enum Parent {
    NONE,
    HEADER,
    THREAD,
    UNCERTAIN;

    private static final Parent[] ALL = values();

    public static Parent of(int number) {
        return number < ALL.length ? ALL[number] : NONE;
    }
}
