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

    private enum Expected {
        VALUE,
        VALUE_OR_END,
        NAME,
        NAME_OR_END,
        COMMA_OR_END,
        NOTHING
    }

    private static final int DEEPEST = Long.SIZE;

    private final Slice text = new Slice();
    private byte[] bytes = new byte[0];
    private int at;
    private int to;
    private int depth;
    /** A bit for each level: it is an object. */
    private long objects;

    private boolean escaped;
    private Expected expected = Expected.NOTHING;

    JsonReader set(Slice source) {
        bytes = source.bytes();
        at = source.from();
        to = source.to();
        depth = 0;
        expected = Expected.VALUE;
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
        while (true) {
            while (at < to && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) at++;
            if (expected == Expected.NOTHING) return Token.END;
            if (at == to) return Token.CUT;
            if (expected != Expected.COMMA_OR_END || bytes[at] != ',') return token(bytes[at]);
            at++;
            expected = isInObject() ? Expected.NAME : Expected.VALUE;
        }
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

    private Token token(byte letter) {
        return switch (expected) {
            case VALUE -> value(letter);
            case VALUE_OR_END -> letter == ']' ? close(Token.ARRAY_END) : value(letter);
            case NAME -> name(letter);
            case NAME_OR_END -> letter == '}' ? close(Token.OBJECT_END) : name(letter);
            case COMMA_OR_END -> {
                if (letter == '}' && isInObject()) yield close(Token.OBJECT_END);
                yield letter == ']' && !isInObject() ? close(Token.ARRAY_END) : Token.INVALID;
            }
            case NOTHING -> Token.END;
        };
    }

    private Token value(byte letter) {
        return switch (letter) {
            case '{' -> open(1, Expected.NAME_OR_END, Token.OBJECT);
            case '[' -> open(0, Expected.VALUE_OR_END, Token.ARRAY);
            case '"' -> {
                Token read = string(Token.STRING);
                if (read == Token.STRING) ended();
                yield read;
            }
            default -> word();
        };
    }

    private Token name(byte letter) {
        Token read = letter == '"' ? string(Token.NAME) : Token.INVALID;
        if (read != Token.NAME) return read;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) at++;
        if (at == to) return Token.CUT;
        expected = Expected.VALUE;
        return bytes[at++] == ':' ? Token.NAME : Token.INVALID;
    }

    private Token string(Token what) {
        int from = ++at;
        while (at < to) {
            byte letter = bytes[at];
            if (letter == '"') {
                text.set(bytes, from, at++);
                return what;
            }
            if (letter >= 0 && letter < ' ') return Token.INVALID;
            if (letter == '\\') {
                escaped = true;
                at = Math.min(at + 2, to);
            } else {
                at++;
            }
        }
        if (what == Token.STRING) text.set(bytes, from, to);
        return Token.CUT;
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
                || letter >= '0' && letter <= '9'
                || letter == '-'
                || letter == '+'
                || letter == '.'
                || letter == 'E';
    }

    private Token open(long object, Expected next, Token token) {
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
        expected = depth == 0 ? Expected.NOTHING : Expected.COMMA_OR_END;
    }

    private boolean isInObject() {
        return (objects >>> (depth - 1) & 1) != 0;
    }
}
