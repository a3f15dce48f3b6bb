package dev.spandrel.agent.protocol;

/** The tokens of a GraphQL document, as far as it is here: it may be cut anywhere. A punctuator is its own letter. Mutable on purpose: one per reader. */
final class GraphqlTokens {
    /** There are no more bytes; what may go on behind them is no token yet. */
    static final int END = 0;

    static final int INVALID = -1;
    static final int NAME = 'a';
    static final int NUMBER = '0';
    static final int STRING = '"';
    static final int SPREAD = '.';
    private static final byte PUNCTUATOR = 1, LETTER = 2, DIGIT = 4, OF_NUMBER = 8, BLANK = 16;
    private static final byte[] KINDS = kinds();

    private final Slice word = new Slice();
    private byte[] bytes = new byte[0];
    private int at;
    private int to;
    private boolean whole;

    /** {@code isWhole}: nothing comes behind these bytes. */
    GraphqlTokens set(Slice source, boolean isWhole) {
        bytes = source.bytes();
        at = source.from();
        to = source.to();
        whole = isWhole;
        word.clear();
        return this;
    }

    boolean isWhole() {
        return whole;
    }

    /** The last name. */
    Slice word() {
        return word;
    }

    int next() {
        pass();
        if (at == to) return END;
        byte letter = bytes[at];
        int kind = kind(letter);
        if ((kind & LETTER) != 0) return run(NAME, LETTER | DIGIT);
        if ((kind & DIGIT) != 0 || letter == '-') return run(NUMBER, LETTER | DIGIT | OF_NUMBER);
        if (letter == '"') return string();
        if (letter == '.') return spread();
        at++;
        return (kind & PUNCTUATOR) != 0 ? letter : INVALID;
    }

    /** Blanks, commas and comments. */
    private void pass() {
        while (at < to) {
            if (bytes[at] == '#') {
                while (at < to && bytes[at] != '\n' && bytes[at] != '\r') at++;
            } else if ((kind(bytes[at]) & BLANK) != 0) {
                at++;
            } else {
                return;
            }
        }
    }

    private int run(int token, int kinds) {
        int from = at++;
        while (at < to && (kind(bytes[at]) & kinds) != 0) at++;
        if (at == to && !whole) return END;
        if (token == NAME) word.set(bytes, from, at);
        return token;
    }

    private int spread() {
        for (int i = 0; i < 3; i++, at++) {
            if (at == to) return END;
            if (bytes[at] != '.') return INVALID;
        }
        return SPREAD;
    }

    private int string() {
        boolean isBlock = at + 2 < to && bytes[at + 1] == '"' && bytes[at + 2] == '"';
        at += isBlock ? 3 : 1;
        while (at < to) {
            byte letter = bytes[at++];
            if (letter == '\\') {
                at = Math.min(at + 1, to);
            } else if (!isBlock && letter == '\n') {
                return INVALID;
            } else if (letter == '"' && (!isBlock || at + 1 < to && bytes[at] == '"' && bytes[at + 1] == '"')) {
                at += isBlock ? 2 : 0;
                return STRING;
            }
        }
        return END;
    }

    private static int kind(byte letter) {
        return KINDS[letter & 0xff];
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int letter = 0; letter < 0x80; letter++) {
            boolean isLetter = letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter == '_';
            if (isLetter) kinds[letter] = LETTER;
            else if (letter >= '0' && letter <= '9') kinds[letter] = DIGIT;
            else if (" \t\n\r,".indexOf(letter) >= 0) kinds[letter] = BLANK;
            else if (".+-".indexOf(letter) >= 0) kinds[letter] = OF_NUMBER;
            else if ("!$&():=@[]{|}".indexOf(letter) >= 0) kinds[letter] = PUNCTUATOR;
        }
        return kinds;
    }
}
