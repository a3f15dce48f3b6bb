package dev.spandrel.agent.event;

/** {@code enum sp_role}, in its order. */
public enum Role {
    NONE,
    SERVER,
    CLIENT;

    private static final Role[] ALL = values();

    public static Role of(int number) {
        return number < ALL.length ? ALL[number] : NONE;
    }
}
