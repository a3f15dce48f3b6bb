package dev.spandrel.agent.doctor;

/**
 * One thing that was looked at.
 *
 * @param name of a fixed set, for scripts
 * @param detail what was found
 * @param action what a person can set, install or do; empty where nothing has to be done
 */
public record Finding(String name, Level level, String detail, String action) {
    public enum Level {
        OK,
        /** Works, with a limit or at a price. */
        NOTE,
        /** Nothing can be traced here as long as this is so. */
        FATAL
    }

    static Finding ok(String name, String detail) {
        return new Finding(name, Level.OK, detail, "");
    }

    /** As a line of a log or a table's row. */
    @Override
    public String toString() {
        return name + ": " + detail + (action.isEmpty() ? "" : " — " + action);
    }
}
