package dev.spandrel.probe.lower;

import java.util.Optional;

/** Hands out the stack; what does not fit goes to a per-CPU map. What a statement took is given back at its end. */
final class Frame {
    /** The rest of 512 bytes is for registers. */
    private static final int MOST = 352;
    /** A program and the functions that it has called back share the 512 bytes. */
    private static final int MOST_WITH_FUNCTIONS = 208;

    private static final int MOST_OF_FUNCTION = 80;

    private int limit = MOST;
    private int used;
    private int most;
    private int scratchUsed;
    private int scratchMost;

    record Mark(int used, int scratchUsed) {}

    /** Empty: there is no room; take it from scratch. */
    Optional<Integer> take(int bytes) {
        int rounded = (bytes + 7) & -8;
        if (used + rounded > limit) return Optional.empty();
        int offset = used;
        used += rounded;
        most = Math.max(most, used);
        return Optional.of(offset);
    }

    void leavesRoomForFunctions() {
        limit = MOST_WITH_FUNCTIONS;
    }

    /** A function's own frame; of the scratch memory it takes what the program has left. */
    void behind(Frame program) {
        limit = MOST_OF_FUNCTION;
        scratchUsed = program.scratchUsed;
        scratchMost = program.scratchMost;
    }

    /** Even over the limit: whoever generates the code tells whether it fits. */
    int takeOnStack(int bytes) {
        int offset = used;
        used += bytes;
        most = Math.max(most, used);
        return offset;
    }

    void needsScratch(int bytes) {
        scratchMost = Math.max(scratchMost, bytes);
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
