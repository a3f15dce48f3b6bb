package dev.spandrel.agent.protocol;

/** An SQLSTATE as the kernel packs it: five characters, 6 bits each. */
final class SqlState {
    private static final int LENGTH = 5;

    private SqlState() {}

    static String text(int packed) {
        char[] state = new char[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            state[i] = (char) ('0' + (packed >>> 6 * (LENGTH - 1 - i) & 63));
        }
        return new String(state);
    }
}
