package dev.spandrel.agent.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes eight at a time, the first one lowest. Of a word of eight an answer is the high bit of each byte that is asked for. */
public final class Eight {
    public static final long EACH = 0x0101010101010101L, HIGH = 0x8080808080808080L, LOW = ~HIGH;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Eight() {}

    /** Behind the array are zeros. */
    public static long at(byte[] bytes, int at) {
        return at + Long.BYTES <= bytes.length ? (long) WORDS.get(bytes, at) : atEnd(bytes, at);
    }

    private static long atEnd(byte[] bytes, int at) {
        if (bytes.length >= Long.BYTES) {
            int beyond = at + Long.BYTES - bytes.length;
            return beyond < Long.BYTES ? (long) WORDS.get(bytes, bytes.length - Long.BYTES) >>> Byte.SIZE * beyond : 0;
        }
        long word = 0;
        for (int i = at; i < bytes.length; i++) word |= (bytes[i] & 0xffL) << Byte.SIZE * (i - at);
        return word;
    }

    /** Where there are eight. */
    public static void set(byte[] bytes, int at, long word) {
        WORDS.set(bytes, at, word);
    }

    /** Those that are this one of ASCII. */
    public static long equal(long word, int c) {
        return ~(((word & LOW) ^ EACH * c) + LOW) & ~word & HIGH;
    }

    /** Those of ASCII from one to another. */
    public static long within(long word, int first, int last) {
        long low = word & LOW;
        return low + EACH * (0x80 - first) & ~(low + EACH * (0x7f - last)) & ~word & HIGH;
    }

    /** Those of ASCII that come before this one. */
    public static long below(long word, int c) {
        return ~((word & LOW) + EACH * (0x80 - c)) & ~word & HIGH;
    }

    /** With capitals of ASCII as small letters. */
    public static long lower(long word) {
        return word | within(word, 'A', 'Z') >>> 2;
    }

    /** Of which byte, of the eight, the answer's first one is; 8: of none. */
    public static int first(long found) {
        return Long.numberOfTrailingZeros(found) >>> 3;
    }

    /** The first such byte of ASCII in [from, to), or {@code to}. */
    public static int find(byte[] bytes, int from, int to, int wanted) {
        for (int at = from; at < to; at += Long.BYTES) {
            long found = equal(at(bytes, at), wanted);
            if (found != 0) return Math.min(at + first(found), to);
        }
        return Math.max(from, to);
    }

    /** The first byte in [from, to) that is a blank, a control character or not of ASCII, or {@code to}. */
    public static int wordEnd(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += Long.BYTES) {
            long word = at(bytes, at);
            long found = below(word, ' ' + 1) | word & HIGH;
            if (found != 0) return Math.min(at + first(found), to);
        }
        return Math.max(from, to);
    }
}
