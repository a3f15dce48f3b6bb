package dev.spandrel.agent.event;

import java.util.Locale;

/** {@code enum sp_counter}, in its order: the index into the per-CPU array. */
public enum KernelCounter {
    EXCHANGES(Kind.SEEN),
    KEPT(Kind.SEEN),
    SAMPLED_OUT(Kind.DISCARDED),
    NOT_ELIGIBLE(Kind.DISCARDED),
    RATE_LIMITED(Kind.DISCARDED),
    RING_FULL(Kind.LOST),
    NO_STORAGE(Kind.LOST),
    READ_FAULT(Kind.LOST),
    SYSCALL(Kind.LOST),
    GAP(Kind.LOST),
    FRAMING(Kind.LOST),
    RESPONSE(Kind.LOST),
    PIPELINE(Kind.LOST),
    STEPS(Kind.LOST),
    CARRY(Kind.LOST),
    WAITING(Kind.LOST),
    METRICS(Kind.LOST),
    ORDER(Kind.LOST),
    BUSY(Kind.LOST),
    GUESSED_WRONG(Kind.CONNECTION),
    ENCRYPTED(Kind.CONNECTION),
    DECRYPTED(Kind.CONNECTION),
    COMPRESSED(Kind.CONNECTION),
    SKIPPED(Kind.DISCARDED),
    HEAD(Kind.TRUNCATED),
    SEARCH(Kind.TRUNCATED);

    /** What kind of thing is counted: each kind is one metric. */
    public enum Kind {
        SEEN("COUNT"),
        DISCARDED("COUNT"),
        CONNECTION("COUNT"),
        LOST("LOST"),
        TRUNCATED("TRUNCATED");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    private final Kind kind;

    KernelCounter(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Name of the C constant. */
    public String constant() {
        return "SP_" + kind.prefix + "_" + name();
    }

    /** Value of the metric attribute {@code spandrel.reason}. */
    public String reason() {
        return name().toLowerCase(Locale.ROOT);
    }
}
