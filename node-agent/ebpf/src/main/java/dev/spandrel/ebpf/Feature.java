package dev.spandrel.ebpf;

/** The answer to one feature test. */
public sealed interface Feature {
    record Supported() implements Feature {}

    /** `reason` is what is missing, `action` what a person can do about it. */
    record Unsupported(String reason, String action) implements Feature {
        @Override
        public String toString() {
            return reason + ": " + action;
        }
    }

    /** The first that is not supported, else supported. */
    static Feature all(Feature... features) {
        for (var feature : features) if (feature instanceof Unsupported) return feature;
        return new Supported();
    }

    static Feature of(boolean supported, String reason, String action) {
        return supported ? new Supported() : new Unsupported(reason, action);
    }
}
