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
    private static final String PUNCTUATORS = "!$&():=@[]{|}";

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
        if (isLetter(letter)) return run(NAME);
        if (isDigit(letter) || letter == '-') return run(NUMBER);
        if (letter == '"') return string();
        if (letter == '.') return spread();
        at++;
        return PUNCTUATORS.indexOf(letter) < 0 ? INVALID : letter;
    }

    /** Blanks, commas and comments. */
    private void pass() {
        while (at < to) {
            byte letter = bytes[at];
            if (letter == '#') {
                while (at < to && bytes[at] != '\n' && bytes[at] != '\r') at++;
            } else if (letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r' || letter == ',') {
                at++;
            } else {
                return;
            }
        }
    }

    private int run(int token) {
        int from = at++;
        while (at < to && (isLetter(bytes[at]) || isDigit(bytes[at]) || token == NUMBER && isOfNumber(bytes[at]))) at++;
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

    private static boolean isLetter(byte letter) {
        return letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter == '_';
    }

    private static boolean isDigit(byte letter) {
        return letter >= '0' && letter <= '9';
    }

    private static boolean isOfNumber(byte letter) {
        return letter == '.' || letter == '+' || letter == '-';
    }
}
