package dev.spandrel.agent.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The words that a protocol has, in lower case and found in bytes of either case, or as they are, by one look: all of a word's first eight bytes at once, and its length, say which one it can be. */
final class Words {
    private static final int MOST_TRIES = 1_000_000;

    private final boolean anyCase;
    private final byte[][] words;
    private final long[] firsts;
    private final byte[] table;
    private final int shift;
    private final long multiplier;

    /** At most 127, no two of them alike in length and their first eight bytes. */
    Words(String... words) {
        this(true, words);
    }

    private Words(boolean inAnyCase, String... words) {
        anyCase = inAnyCase;
        this.words = new byte[words.length][];
        firsts = new long[words.length];
        for (int i = 0; i < words.length; i++) {
            this.words[i] = words[i].getBytes(StandardCharsets.US_ASCII);
            firsts[i] = first(this.words[i], 0, this.words[i].length);
        }
        shift = Integer.numberOfLeadingZeros(words.length) + Integer.SIZE - 3;
        table = new byte[1 << Long.SIZE - shift];
        multiplier = multiplier();
    }

    /** Likewise, found only as they are written here. */
    static Words exactly(String... words) {
        return new Words(false, words);
    }

    int count() {
        return words.length;
    }

    /** Which one it is; -1: none of them. */
    int find(byte[] bytes, int from, int to) {
        long first = first(bytes, from, to);
        int which = table[slot(first + to - from, multiplier)] - 1;
        return which >= 0 && firsts[which] == first && goesOn(words[which], bytes, from, to) ? which : -1;
    }

    int find(Slice word) {
        return find(word.bytes(), word.from(), word.to());
    }

    /** As the word does whose first eight letters are here. */
    private boolean goesOn(byte[] word, byte[] bytes, int from, int to) {
        if (word.length != to - from) {
            return false;
        }
        for (int i = Long.BYTES; i < word.length; i++) {
            int c = bytes[from + i];
            if ((anyCase && c >= 'A' && c <= 'Z' ? c | 32 : c) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private long first(byte[] bytes, int from, int to) {
        long letters = Eight.at(bytes, from);
        if (anyCase) letters = Eight.lower(letters);
        int length = to - from;
        return length < Long.BYTES ? letters & (1L << Byte.SIZE * length) - 1 : letters;
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
            int slot = slot(firsts[i] + words[i].length, by);
            if (table[slot] != 0) {
                return false;
            }
            table[slot] = (byte) (i + 1);
        }
        return true;
    }
}
