package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Eight;

/** Kinds of bytes, one at a time and eight at a time: of a word of eight the answer is the high bit of each byte that is asked for. */
final class SqlBytes {
    static final byte PLAIN = 0, LETTER = 1, DIGIT = 2, DOLLAR = 3, SPECIAL = 4, SPACE = 5;

    private static final byte[] KIND = new byte[256];
    private static final long EACH = 0x0101010101010101L, HIGH = 0x8080808080808080L, LOW = ~HIGH;

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
            long others = ~plainParts(Eight.at(bytes, at)) & HIGH;
            at += others == 0 ? 7 : Eight.first(others);
            if (others != 0 && (at >= to || bytes[at] != '$')) return Math.min(at, to);
        }
        return to;
    }

    /** Behind what begins with a digit or a dot: letters, digits, dots, and the sign of an exponent. */
    static int numberEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (true) {
            at = behindPartsAndDots(bytes, at, to);
            boolean isExponent = at + 1 < to
                    && (bytes[at] == '+' || bytes[at] == '-')
                    && (bytes[at - 1] | 32) == 'e'
                    && isDigit(bytes[at + 1]);
            if (!isExponent) return at;
            at++;
        }
    }

    private static int behindPartsAndDots(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += 8) {
            long word = Eight.at(bytes, at), low = word & LOW;
            long others = ~(plainParts(word) | equal(low, '$') | equal(low, '.')) & HIGH;
            if (others != 0) return Math.min(at + Eight.first(others), to);
        }
        return to;
    }

    /** Behind what begins with a quote; a doubled one is one of the content, as is what comes behind the escape. */
    static int quotedEnd(byte[] bytes, int from, int to, int quote, int escape) {
        int at = from + 1;
        while ((at = find(bytes, at, to, quote, escape)) < to) {
            int c = bytes[at++];
            if (c == quote && (at >= to || bytes[at] != quote)) return at;
            at++;
        }
        return to;
    }

    static int spaceEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isSpace(bytes[at])) at++;
        return at;
    }

    /** All of names but the dollar. */
    private static long plainParts(long word) {
        long low = word & LOW;
        return within(low | EACH * 0x20, 'a', 'z') | within(low, '0', '9') | equal(low, '_') | word;
    }

    /** The first of two bytes, or {@code to}. */
    static int find(byte[] bytes, int from, int to, int one, int other) {
        for (int at = from; at < to; at += 8) {
            long word = Eight.at(bytes, at), low = word & LOW;
            long found = (equal(low, one) | equal(low, other)) & ~word & HIGH;
            if (found != 0) return Math.min(at + Eight.first(found), to);
        }
        return to;
    }

    /** The high bit of the last one of eight. */
    static final long LAST = 1L << 63;

    static long blanks(long word) {
        return ~(((word & LOW) ^ EACH * ' ') + LOW) & ~word & HIGH;
    }

    /** Those that may not stay as they are: what literals and comments begin with, question marks, spaces but blanks, and what is rare. */
    static long unsettled(long word, long blanks) {
        long low = word & LOW;
        long others = low + EACH * (0x80 - '(') // those before it are quotes, control characters, blanks and rare
                & (low ^ EACH * '-') + LOW
                & (low ^ EACH * '?') + LOW
                & ((low | EACH * ' ') ^ EACH * '`') + LOW; // it and @
        return (~others | within(low, '/', ':')) & ~(word | blanks) & HIGH;
    }

    /** Of bytes that are all ASCII. What is not asked for in the others' bits means nothing, here and in the next. */
    private static long within(long low, int first, int last) {
        return low + EACH * (0x80 - first) & ~(low + EACH * (0x7f - last));
    }

    private static long equal(long low, int c) {
        return ~((low ^ EACH * c) + EACH * 0x7f);
    }
}
