package dev.spandrel.agent.protocol;

/**
 * Reads a text of JSON token by token, as far as it is here: it may be cut anywhere. Never throws and allocates nothing. Mutable on purpose: one per reader.
 */
final class JsonReader {
    enum Token {
        OBJECT,
        OBJECT_END,
        ARRAY,
        ARRAY_END,
        /** Of a member, whose value is next. */
        NAME,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL,
        /** The text is over. */
        END,
        /** The bytes are, but not the text; {@link #text} is what is here of a string. */
        CUT,
        INVALID
    }

    /** What comes next. */
    private static final int VALUE = 0, VALUE_OR_END = 1, NAME = 2, NAME_OR_END = 3, COMMA_OR_END = 4, NOTHING = 5;

    private static final int DEEPEST = Long.SIZE;

    private final Slice text = new Slice();
    private byte[] bytes = new byte[0];
    private int at;
    private int to;
    private int depth;
    /** A bit for each level: it is an object. */
    private long objects;

    private boolean escaped;
    private int expected = NOTHING;

    JsonReader set(Slice source) {
        bytes = source.bytes();
        at = source.from();
        to = source.to();
        depth = 0;
        expected = VALUE;
        return this;
    }

    /** Of the last name, string or number: as written, without quotes. */
    Slice text() {
        return text;
    }

    /** Whether the last name or string has escapes in it. */
    boolean isEscaped() {
        return escaped;
    }

    /** Levels that are open. */
    int depth() {
        return depth;
    }

    Token next() {
        text.clear();
        escaped = false;
        int letter = pass();
        if (expected >= COMMA_OR_END) {
            if (expected == NOTHING) return Token.END;
            if (letter != ',') return letter < 0 ? Token.CUT : end(letter);
            at++;
            expected = isInObject() ? NAME : VALUE;
            letter = pass();
        }
        if (letter < 0) return Token.CUT;
        if (expected >= NAME) return expected == NAME_OR_END && letter == '}' ? close(Token.OBJECT_END) : name(letter);
        return expected == VALUE_OR_END && letter == ']' ? close(Token.ARRAY_END) : value(letter);
    }

    /** The next byte that is no blank; -1: there is none. */
    private int pass() {
        int letter = letter();
        return letter > ' ' ? letter : passBlanks(letter);
    }

    private int passBlanks(int first) {
        int letter = first;
        while (letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t') {
            at++;
            letter = letter();
        }
        return letter;
    }

    private int letter() {
        return at < to ? bytes[at] & 0xff : -1;
    }

    /** Passes over a value that began with this token. Answers the token that ended it. */
    Token skip(Token first) {
        Token last = first;
        int level = depth - 1;
        if (first == Token.OBJECT || first == Token.ARRAY) {
            while (depth > level && last != Token.CUT && last != Token.INVALID) last = next();
        }
        return last;
    }

    /** Behind a value. */
    private Token end(int letter) {
        if (letter == (isInObject() ? '}' : ']')) return close(letter == '}' ? Token.OBJECT_END : Token.ARRAY_END);
        return Token.INVALID;
    }

    private Token value(int letter) {
        if (letter == '"') {
            Token read = string(Token.STRING);
            if (read == Token.STRING) ended();
            return read;
        }
        if (letter == '{') return open(1, NAME_OR_END, Token.OBJECT);
        return letter == '[' ? open(0, VALUE_OR_END, Token.ARRAY) : word();
    }

    private Token name(int letter) {
        Token read = letter == '"' ? string(Token.NAME) : Token.INVALID;
        if (read != Token.NAME) return read;
        letter = pass();
        if (letter < 0) return Token.CUT;
        at++;
        expected = VALUE;
        return letter == ':' ? Token.NAME : Token.INVALID;
    }

    private Token string(Token what) {
        int from = ++at;
        while (at < to) {
            at = ordinaryEnd(at);
            if (at == to) break;
            byte letter = bytes[at];
            if (letter == '"') {
                text.set(bytes, from, at++);
                return what;
            }
            if (letter != '\\') return Token.INVALID;
            escaped = true;
            at = Math.min(at + 2, to);
        }
        if (what == Token.STRING) text.set(bytes, from, to);
        return Token.CUT;
    }

    /** The first one from there that says something in a string: a quote, a backslash or a control character. */
    private int ordinaryEnd(int from) {
        for (int i = from; i < to; i += Long.BYTES) {
            long word = Eight.at(bytes, i);
            long found = Eight.equal(word, '"') | Eight.equal(word, '\\') | Eight.below(word, ' ');
            if (found != 0) return Math.min(i + Eight.first(found), to);
        }
        return to;
    }

    private Token word() {
        int from = at;
        while (at < to && isOfWord(bytes[at])) at++;
        if (at == to && depth > 0) return Token.CUT;
        text.set(bytes, from, at);
        ended();
        if (text.isEmpty()) return Token.INVALID;
        if (bytes[from] == '-' || bytes[from] >= '0' && bytes[from] <= '9') return Token.NUMBER;
        if (text.equalsLower("null")) return Token.NULL;
        if (text.equalsLower("true")) return Token.TRUE;
        return text.equalsLower("false") ? Token.FALSE : Token.INVALID;
    }

    private static boolean isOfWord(byte letter) {
        return letter >= 'a' && letter <= 'z'
                || letter >= '-' && letter <= '9' && letter != '/'
                || letter == '+'
                || letter == 'E';
    }

    private Token open(long object, int next, Token token) {
        if (depth == DEEPEST) return Token.INVALID;
        at++;
        objects = objects & ~(1L << depth) | object << depth;
        depth++;
        expected = next;
        return token;
    }

    private Token close(Token token) {
        at++;
        depth--;
        ended();
        return token;
    }

    private void ended() {
        expected = depth == 0 ? NOTHING : COMMA_OR_END;
    }

    private boolean isInObject() {
        return (objects >>> (depth - 1) & 1) != 0;
    }
}
