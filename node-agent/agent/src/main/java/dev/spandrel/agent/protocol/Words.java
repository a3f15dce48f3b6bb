package dev.spandrel.agent.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The words that a protocol has, in lower case, found in bytes of either case by one look: all of a word's first eight bytes at once, and its length, say which one it can be. */
final class Words {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWER = 0x2020202020202020L;
    private static final int MOST_TRIES = 1_000_000;

    private final byte[][] words;
    private final byte[] table;
    private final int shift;
    private final long multiplier;

    /** At most 127, no two of them alike in length and their first eight bytes. */
    Words(String... words) {
        this.words = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            this.words[i] = words[i].getBytes(StandardCharsets.US_ASCII);
        }
        shift = Integer.numberOfLeadingZeros(words.length) + Integer.SIZE - 3;
        table = new byte[1 << Long.SIZE - shift];
        multiplier = multiplier();
    }

    /** Which one it is; -1: none of them. */
    int find(byte[] bytes, int from, int to) {
        int which = table[slot(key(bytes, from, to), multiplier)] - 1;
        return which >= 0 && isThis(words[which], bytes, from, to) ? which : -1;
    }

    int find(Slice word) {
        return find(word.bytes(), word.from(), word.to());
    }

    private static boolean isThis(byte[] word, byte[] bytes, int from, int to) {
        if (word.length != to - from) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            int c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c | 32 : c) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static long key(byte[] bytes, int from, int to) {
        int length = to - from;
        long first = 0;
        if (from + Long.BYTES <= bytes.length) {
            first = (long) EIGHT.get(bytes, from);
            if (length < Long.BYTES) {
                first &= (1L << 8 * length) - 1;
            }
        } else {
            for (int i = 0; i < length; i++) {
                first |= (bytes[from + i] & 0xffL) << 8 * i;
            }
        }
        return (first | LOWER) + length;
    }

    private int slot(long key, long by) {
        return (int) (key * by >>> shift);
    }

    /** One by which each word has a place of its own in the table, which is filled. */
    private long multiplier() {
        long by = 0x9e3779b97f4a7c15L;
        for (int tries = 0; tries < MOST_TRIES; tries++, by = by * 6364136223846793005L + 1442695040888963407L) {
            if (fill(by | 1)) {
                return by | 1;
            }
        }
        throw new IllegalArgumentException("two words are alike in their first eight letters");
    }

    private boolean fill(long by) {
        Arrays.fill(table, (byte) 0);
        for (int i = 0; i < words.length; i++) {
            int slot = slot(key(words[i], 0, words[i].length), by);
            if (table[slot] != 0) {
                return false;
            }
            table[slot] = (byte) (i + 1);
        }
        return true;
    }
}
