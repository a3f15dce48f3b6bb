package dev.spandrel.probe.live.profile;

/**
 * One function of a stack.
 *
 * @param function empty: nobody knows
 * @param file that it comes from; empty: from none
 * @param address in that file, so that processes that have it at different places say the same; 0: not told
 */
public record Frame(String function, String file, long address, Kind kind) {
    /** Where addresses of the kernel are is nobody's business outside of the machine. */
    public static Frame kernel(String function) {
        return new Frame(function, "[kernel]", 0, Kind.KERNEL);
    }

    public enum Kind {
        KERNEL("kernel"),
        NATIVE("native"),
        /** Code that a runtime made: which one is not known. */
        OTHER("");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** The value of {@code profile.frame.type}; empty: it is left out. */
        public String type() {
            return type;
        }
    }
}
