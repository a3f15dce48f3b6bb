package dev.spandrel.agent.protocol.sql;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Kinds of bytes, one at a time and eight at a time: of a word of eight the answer is the high bit of each byte that is asked for. */
final class SqlBytes {
    static final byte PLAIN = 0, LETTER = 1, DIGIT = 2, DOLLAR = 3, SPECIAL = 4, SPACE = 5;

    private static final byte[] KIND = new byte[256];
    private static final long EACH = 0x0101010101010101L, HIGH = 0x8080808080808080L, LOW = ~HIGH, FIRST = 0x80;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static {
        for (int c = 0; c < 256; c++) {
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
            if (letter) KIND[c] = LETTER;
            else if (c >= '0' && c <= '9') KIND[c] = DIGIT;
            else if (c == ' ' || c >= '\t' && c <= '\r') KIND[c] = SPACE;
            else if (c == '$') KIND[c] = DOLLAR;
            else if ("-#/'\"`.?:@".indexOf(c) >= 0) KIND[c] = SPECIAL;
        }
    }

    /** What a byte may mean to a summary where neither a name nor an operation is awaited. */
    private static final byte OF_WORD = 1, BEGINS = 2, BEGINS_IN_LIST = 4, TELLS = 8, TELLS_IN_LIST = 16;

    private static final byte[] TELLING = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            int kind = KIND[c], lower = c | 32;
            if (kind == LETTER) {
                TELLING[c] = OF_WORD;
                if (c < 0x80 && "sjif".indexOf(lower) >= 0) TELLING[c] |= BEGINS;
                if (c < 0x80 && "wgoluhrv".indexOf(lower) >= 0) TELLING[c] |= BEGINS_IN_LIST;
            } else if (kind == DIGIT || kind == DOLLAR) {
                TELLING[c] = OF_WORD | BEGINS;
            } else if (kind == SPECIAL && c != '.' || kind == SPACE && c != ' ' || "();".indexOf(c) >= 0) {
                TELLING[c] = TELLS;
            }
        }
        TELLING[','] = TELLS_IN_LIST;
    }

    private SqlBytes() {}

    /**
     * From `from`, where a token begins, to the next one that may tell a summary something: another operation, JOIN, INTO, FROM, parentheses, semicolons, what has to be cut to be understood; and
     * in a list of names what ends it, and its commas.
     */
    static int telling(byte[] bytes, int from, int to, boolean list) {
        int begins = list ? BEGINS | BEGINS_IN_LIST : BEGINS, tells = list ? TELLS | TELLS_IN_LIST : TELLS;
        int asked = begins | tells;
        for (int at = from; at < to; at++) {
            int means = TELLING[bytes[at] & 0xff];
            if ((means & asked) != 0) return at;
            asked = (means & OF_WORD) != 0 ? tells : begins | tells;
        }
        return to;
    }

    static byte kind(int c) {
        return KIND[c & 0xff];
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(int c) {
        return kind(c) == LETTER;
    }

    static boolean isSpace(int c) {
        return kind(c) == SPACE;
    }

    /** Of names. */
    static boolean isPart(int c) {
        int kind = kind(c);
        return kind >= LETTER && kind <= DOLLAR;
    }

    /** Behind what names are made of. */
    static int behindParts(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            long others = ~plainParts(wordAt(bytes, at)) & HIGH;
            at += others == 0 ? 7 : first(others);
            if (others != 0 && (at >= to || bytes[at] != '$')) return Math.min(at, to);
        }
        return to;
    }

    /** All of names but the dollar. */
    private static long plainParts(long word) {
        long low = word & LOW;
        return within(low | EACH * 0x20, 'a', 'z') | within(low, '0', '9') | equal(low, '_') | word;
    }

    /** The first of two bytes, or {@code to}. */
    static int find(byte[] bytes, int from, int to, int one, int other) {
        for (int at = from; at < to; at += 8) {
            long word = wordAt(bytes, at), low = word & LOW;
            long found = (equal(low, one) | equal(low, other)) & ~word & HIGH;
            if (found != 0) return Math.min(at + first(found), to);
        }
        return to;
    }

    /**
     * Of the eight bytes there those that may not stay as they are: what literals and comments begin with, spaces but a blank alone, what closes a parenthesis, what is rare and what is behind
     * the array. `blank`: before the first one is a blank.
     */
    static long unsettled(byte[] bytes, int at, boolean blank) {
        long word = wordAt(bytes, at), low = word & LOW;
        long blanks = equal(low, ' ');
        long found = ~(low + EACH * 0x60) // control characters
                | within(low, '"', ')') & ~equal(low, '(')
                | within(low, '-', ':')
                | equal(low | EACH * 0x20, '`') // and @
                | blanks & (blanks << 8 | (blank ? FIRST : 0));
        return found & ~word & HIGH;
    }

    /** Of which byte, of the eight, the answer's first one is. */
    static int first(long found) {
        return Long.numberOfTrailingZeros(found) >>> 3;
    }

    /** Behind the array are zeros. */
    private static long wordAt(byte[] bytes, int at) {
        int beyond = at + 8 - bytes.length;
        if (beyond <= 0) return (long) WORDS.get(bytes, at);
        if (bytes.length >= 8) return (long) WORDS.get(bytes, bytes.length - 8) >>> 8 * beyond;
        long word = 0;
        for (int i = at; i < bytes.length; i++) word |= (bytes[i] & 0xffL) << 8 * (i - at);
        return word;
    }

    /** Of bytes that are all ASCII. What is not asked for in the others' bits means nothing, here and in the next. */
    private static long within(long low, int first, int last) {
        return low + EACH * (0x80 - first) & ~(low + EACH * (0x7f - last));
    }

    private static long equal(long low, int c) {
        return ~((low ^ EACH * c) + EACH * 0x7f);
    }
}
