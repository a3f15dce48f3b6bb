package dev.spandrel.agent.stream;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * What policies have spent of their spans per second: a word each, {@code second << 32 | spans}, which the kernel takes from as well ({@code complete.h}). Of the
 * second before, which the agent may still hear of, what is left is the newer one's.
 */
final class Rates {
    private static final int POLICIES = 1024;
    private static final long SECOND = 1_000_000_000L;
    private static final VarHandle WORD = JAVA_LONG.arrayElementVarHandle();

    private final MemorySegment words;

    /** Shared with the kernel. */
    Rates(MemorySegment words) {
        this.words = words;
    }

    /** Of the agent's own, where there is no kernel. */
    Rates() {
        this(MemorySegment.ofArray(new long[POLICIES]));
    }

    /** Takes one span out of the policy's budget of this second; false: it is spent. */
    boolean take(int policy, int most, long now) {
        if (most == 0 || policy < 0 || policy >= words.byteSize() / Long.BYTES) {
            return true;
        }
        long second = now / SECOND & 0xffff_ffffL;
        long old = (long) WORD.getVolatile(words, 0L, (long) policy);
        boolean later = (int) (second - (old >>> 32)) > 0;
        if (later && WORD.compareAndSet(words, 0L, (long) policy, old, second << 32 | 1)) {
            return true;
        }
        return Integer.compareUnsigned((int) (long) WORD.getAndAdd(words, 0L, (long) policy, 1L), most) < 0;
    }
}
