package dev.spandrel.agent.tls;

import java.util.Locale;

/** Why TLS in a file cannot be probed. */
public enum Cause {
    /** It is linked in, and the names of its functions are gone. */
    STRIPPED("ship the file with its symbols, or link the TLS library dynamically"),
    /** Its code is another processor's than the one whose instructions can be read. */
    PROCESSOR(""),
    /** A version or a compiler whose code has no place that is known. */
    CODE("ship the file with a version that docs/decisions/0012-tls.md names"),
    /** The kernel took no probe. */
    KERNEL("Linux 6.6 or newer, or CAP_SYS_ADMIN for the agent");

    private final String action;

    Cause(String action) {
        this.action = action;
    }

    /** What a person can do about it; empty: nothing. */
    public String action() {
        return action;
    }

    /** As metrics name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
