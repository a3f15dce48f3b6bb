package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What was found in statements that come again and again: of each place for their check sums the last one that came twice in a row there. At most two kilobytes a place. */
final class SqlMemory {
    private static final int LONGEST = 640;
    private static final long SPREAD = 0x9e3779b97f4a7c15L;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** A statement and what is said of it. */
    record Known(Dialect dialect, byte[] statement, Slice sanitized, Slice summary) {
        private boolean isOf(Slice asked, Dialect by) {
            return dialect == by
                    && Arrays.equals(statement, 0, statement.length, asked.bytes(), asked.from(), asked.to());
        }
    }

    private final @Nullable Known[] known;
    private final long[] seen;
    private final int unused; // bits of a sum that say nothing of its place
    private long sum;

    /** With so many places, a power of two. */
    SqlMemory(int places) {
        known = new Known[places];
        seen = new long[places];
        unused = Long.SIZE - Integer.numberOfTrailingZeros(places);
    }

    /** Null: not there. */
    @Nullable
    Known find(Slice statement, Dialect dialect) {
        if (statement.length() > LONGEST) {
            return null;
        }
        sum = sum(statement.bytes(), statement.from(), statement.to());
        var there = known[slot()];
        return there != null && there.isOf(statement, dialect) ? there : null;
    }

    /** Of the statement that was looked for last. */
    void keep(Slice statement, Dialect dialect, Slice sanitized, Slice summary) {
        if (statement.length() > LONGEST) {
            return;
        }
        if (seen[slot()] == sum) {
            byte[] own = bytes(statement);
            known[slot()] = new Known(
                    dialect, own, sanitized == statement ? all(own) : all(bytes(sanitized)), all(bytes(summary)));
        }
        seen[slot()] = sum;
    }

    private int slot() {
        return (int) (sum >>> unused);
    }

    /** Two sums side by side, as each multiplication waits for the one before; the last bytes are taken together, with some of those before them. */
    private static long sum(byte[] bytes, int from, int to) {
        long one = to - from, other = SPREAD;
        int at = from;
        for (; at + 16 <= to; at += 16) {
            one = mix(one, (long) WORDS.get(bytes, at));
            other = mix(other, (long) WORDS.get(bytes, at + 8));
        }
        if (at + 8 <= to) one = mix(one, (long) WORDS.get(bytes, at));
        if (to - from >= 8) {
            other = mix(other, (long) WORDS.get(bytes, to - 8));
        } else {
            for (; at < to; at++) other = mix(other, bytes[at]);
        }
        long sum = one ^ Long.rotateLeft(other, 32);
        return (sum ^ sum >>> 29) * SPREAD;
    }

    private static long mix(long sum, long word) {
        long product = (sum ^ word) * SPREAD;
        return product ^ product >>> 29;
    }

    private static byte[] bytes(Slice slice) {
        return Arrays.copyOfRange(slice.bytes(), slice.from(), slice.to());
    }

    private static Slice all(byte[] bytes) {
        return new Slice().set(bytes, 0, bytes.length);
    }
}
