package dev.spandrel.probe.lower;

import java.util.Optional;

/** Hands out the stack; what does not fit goes to a per-CPU map. What a statement took is given back at its end. */
final class Frame {
    /** The rest of 512 bytes is for registers. */
    private static final int MOST = 352;

    private int used;
    private int most;
    private int scratchUsed;
    private int scratchMost;

    record Mark(int used, int scratchUsed) {}

    /** Empty: there is no room; take it from scratch. */
    Optional<Integer> take(int bytes) {
        int rounded = (bytes + 7) & -8;
        if (used + rounded > MOST) return Optional.empty();
        int offset = used;
        used += rounded;
        most = Math.max(most, used);
        return Optional.of(offset);
    }

    int takeScratch(int bytes) {
        int offset = scratchUsed;
        scratchUsed += (bytes + 7) & -8;
        scratchMost = Math.max(scratchMost, scratchUsed);
        return offset;
    }

    Mark mark() {
        return new Mark(used, scratchUsed);
    }

    void release(Mark mark) {
        used = mark.used();
        scratchUsed = mark.scratchUsed();
    }

    int bytes() {
        return most;
    }

    int scratchBytes() {
        return scratchMost;
    }
}
