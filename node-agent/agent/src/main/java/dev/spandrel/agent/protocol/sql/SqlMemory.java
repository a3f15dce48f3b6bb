package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What was found in statements that come again and again: of each place for their check sums the last one that came twice in a row there. At most half a megabyte. */
final class SqlMemory {
    private static final int SLOTS = 256;
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

    private final @Nullable Known[] known = new Known[SLOTS];
    private final long[] seen = new long[SLOTS];
    private long sum;

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
            known[slot()] = new Known(dialect, bytes(statement), copy(sanitized), copy(summary));
        }
        seen[slot()] = sum;
    }

    private int slot() {
        return (int) (sum >>> 56);
    }

    private static long sum(byte[] bytes, int from, int to) {
        long sum = to - from;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            sum = (sum ^ (long) WORDS.get(bytes, at)) * SPREAD;
            sum ^= sum >>> 29;
        }
        for (; at < to; at++) {
            sum = (sum ^ bytes[at]) * SPREAD;
        }
        return (sum ^ sum >>> 32) * SPREAD;
    }

    private static byte[] bytes(Slice slice) {
        return Arrays.copyOfRange(slice.bytes(), slice.from(), slice.to());
    }

    private static Slice copy(Slice slice) {
        byte[] bytes = bytes(slice);
        return new Slice().set(bytes, 0, bytes.length);
    }
}
