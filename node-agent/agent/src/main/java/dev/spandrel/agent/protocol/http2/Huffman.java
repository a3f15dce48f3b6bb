package dev.spandrel.agent.protocol.http2;

import dev.spandrel.agent.protocol.Text;
import java.util.Arrays;

/** The code of RFC 7541, appendix B. It is canonical, so the lengths of the codes say all of it. */
final class Huffman {
    private static final String LENGTHS =
            "13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28 "
                    + "6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10 "
                    + "13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6 "
                    + "15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28 "
                    + "20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24 "
                    + "22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23 "
                    + "26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27 "
                    + "20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26 30";

    private static final int LONGEST = 30;
    private static final int END = 256;
    /** Codes of so many bits, the usual ones, are looked up at once. */
    private static final int SHORT = 10;

    /** By length: the first code, and where its symbols begin in SYMBOLS. */
    private static final int[] FIRST = new int[LONGEST + 2];

    private static final int[] BEGIN = new int[LONGEST + 2];
    private static final int[] SYMBOLS = new int[END + 1];
    /** By the next SHORT bits: symbol and length, or 0 for a longer code. */
    private static final int[] TABLE = new int[1 << SHORT];

    static {
        int[] lengths =
                Arrays.stream(LENGTHS.split(" ")).mapToInt(Integer::parseInt).toArray();
        int code = 0;
        int at = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            FIRST[length] = code;
            BEGIN[length] = at;
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    SYMBOLS[at++] = symbol;
                    if (length <= SHORT) {
                        int low = code << SHORT - length;
                        Arrays.fill(TABLE, low, low + (1 << SHORT - length), symbol << 8 | length);
                    }
                    code++;
                }
            }
        }
        BEGIN[LONGEST + 1] = at;
    }

    private Huffman() {}

    /** Appends what bytes [from, to) stand for; false: they are no such code. */
    static boolean decode(byte[] bytes, int from, int to, Text out) {
        long bits = 0;
        int have = 0;
        int at = from;
        while (true) {
            while (have <= 48 && at < to) {
                bits = bits << 8 | bytes[at++] & 0xff;
                have += 8;
            }
            if (have == 0) {
                return true;
            }
            int next = (int) (have >= SHORT ? bits >>> have - SHORT : bits << SHORT - have) & (1 << SHORT) - 1;
            int found = TABLE[next];
            int length = found & 0xff;
            int symbol = found >>> 8;
            if (found == 0) {
                length = longer(bits, have);
                if (length > 0) {
                    symbol = SYMBOLS[BEGIN[length] + code(bits, have, length) - FIRST[length]];
                }
            }
            if (found == 0 && length == 0 || length > have) {
                return isPadding(bits, have);
            }
            if (symbol == END) {
                return false;
            }
            out.append((byte) symbol);
            have -= length;
            bits &= (1L << have) - 1;
        }
    }

    /** Length of the code that is next; 0: there is none in these bits. */
    private static int longer(long bits, int have) {
        for (int length = SHORT + 1; length <= Math.min(LONGEST, have); length++) {
            int rank = code(bits, have, length) - FIRST[length];
            if (rank >= 0 && rank < BEGIN[length + 1] - BEGIN[length]) {
                return length;
            }
        }
        return 0;
    }

    private static int code(long bits, int have, int length) {
        return (int) (bits >>> have - length) & (1 << length) - 1;
    }

    /** At the end: fewer than eight bits, all of them ones. */
    private static boolean isPadding(long bits, int have) {
        return have < 8 && bits == (1L << have) - 1;
    }
}
