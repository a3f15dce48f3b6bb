package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;

/** Cuts a statement into tokens. What is not closed goes on to the end, so that nothing of a cut literal is taken for something else. */
final class SqlScanner {
    /** Kinds of bytes. */
    private static final byte PLAIN = 0, LETTER = 1, DIGIT = 2, DOLLAR = 3, SPECIAL = 4, SPACE = 5;

    private static final byte[] KIND = new byte[256];

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

    private byte[] bytes = new byte[0];
    private Dialect dialect = Dialect.POSTGRESQL;
    private int from;
    private int at;
    private int end;

    SqlScanner start(Slice statement, Dialect of) {
        bytes = statement.bytes();
        from = at = statement.from();
        end = statement.to();
        dialect = of;
        return this;
    }

    /** Where the last token begins in the statement's bytes. */
    int from() {
        return from;
    }

    /** Behind the last token. */
    int to() {
        return at;
    }

    SqlToken next() {
        from = at;
        if (at >= end) {
            return SqlToken.END;
        }
        int c = bytes[at];
        if (dialect == Dialect.CQL && (KIND[c & 0xff] == LETTER || KIND[c & 0xff] == DIGIT)) {
            int literal = CqlLiterals.end(bytes, at, end);
            if (literal > at) {
                at = literal;
                return SqlToken.NUMBER;
            }
        }
        return switch (KIND[c & 0xff]) {
            case LETTER -> word();
            case SPACE -> {
                while (++at < end && KIND[bytes[at] & 0xff] == SPACE) {}
                yield SqlToken.SPACE;
            }
            case DIGIT -> number();
            case PLAIN -> {
                at++;
                yield SqlToken.SYMBOL;
            }
            default -> special(c);
        };
    }

    private SqlToken special(int c) {
        if (c == '-' && peek(1) == '-'
                || c == '#' && dialect == Dialect.MYSQL
                || c == '/' && peek(1) == '/' && dialect == Dialect.CQL) {
            while (at < end && bytes[at] != '\n') at++;
            return SqlToken.COMMENT;
        }
        if (c == '/' && peek(1) == '*') {
            return comment();
        }
        if (c == '\'') {
            return quoted('\'', dialect == Dialect.MYSQL, SqlToken.STRING);
        }
        if (c == '"') {
            boolean text = dialect == Dialect.MYSQL;
            return quoted('"', text, text ? SqlToken.STRING : SqlToken.QUOTED);
        }
        if (c == '`') {
            return quoted('`', false, SqlToken.QUOTED);
        }
        if (c == '.' && isDigit(peek(1))) {
            return number();
        }
        if (c == '$') {
            return dollar();
        }
        at++;
        if (c == '?') {
            return SqlToken.PARAMETER;
        }
        if ((c == ':' || c == '@') && isLetter(peek(0))) {
            while (at < end && isPart(bytes[at])) at++;
            return SqlToken.PARAMETER;
        }
        if (c == ':' && peek(0) == ':') {
            at++; // a cast, not the name of a parameter
        }
        return SqlToken.SYMBOL;
    }

    private SqlToken comment() {
        int depth = 0;
        while (at < end) {
            if (bytes[at] == '/' && peek(1) == '*' && (depth == 0 || dialect == Dialect.POSTGRESQL)) {
                depth++;
                at += 2;
            } else if (bytes[at] == '*' && peek(1) == '/') {
                at += 2;
                if (--depth == 0) break;
            } else {
                at++;
            }
        }
        at = Math.min(at, end);
        return SqlToken.COMMENT;
    }

    /** From its opening quote; a doubled one is one of the content. */
    private SqlToken quoted(char quote, boolean backslashes, SqlToken kind) {
        at++;
        while (at < end) {
            int c = bytes[at++];
            if (c == '\\' && backslashes) {
                at++;
            } else if (c == quote) {
                if (peek(0) != quote) break;
                at++;
            }
        }
        at = Math.min(at, end);
        return kind;
    }

    private SqlToken number() {
        while (at < end && (isPart(bytes[at]) || bytes[at] == '.')) {
            boolean exponent = bytes[at] == 'e' || bytes[at] == 'E';
            at++;
            if (exponent && (peek(0) == '+' || peek(0) == '-') && isDigit(peek(1))) at++;
        }
        return SqlToken.NUMBER;
    }

    /** $1, or $tag$…$tag$. */
    private SqlToken dollar() {
        at++;
        if (isDigit(peek(0)) || dialect == Dialect.MYSQL) {
            while (at < end && isPart(bytes[at])) at++;
            return SqlToken.PARAMETER;
        }
        int tag = at;
        while (at < end && isPart(bytes[at]) && bytes[at] != '$') at++;
        if (at < end && bytes[at] != '$') {
            return SqlToken.SYMBOL;
        }
        int length = at - tag;
        at = Math.min(at + 1, end);
        while (at < end && !closes(tag, length)) at++;
        at = Math.min(at + length + 2, end);
        return SqlToken.STRING;
    }

    private boolean closes(int tag, int length) {
        if (bytes[at] != '$' || at + length + 1 >= end || bytes[at + length + 1] != '$') {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[at + 1 + i] != bytes[tag + i]) return false;
        }
        return true;
    }

    private SqlToken word() {
        byte[] of = bytes;
        int here = at + 1, limit = end;
        while (here < limit && isPart(of[here])) here++;
        at = here;
        if (here < limit && of[here] == '\'' && isPrefix()) {
            boolean escapes = dialect == Dialect.MYSQL || (of[from] | 32) == 'e';
            return quoted('\'', escapes, SqlToken.STRING);
        }
        return SqlToken.WORD;
    }

    /** E'…', B'…', X'…', N'…', and MySQL's _charset'…'. */
    private boolean isPrefix() {
        return at - from == 1 && "ebxn".indexOf(bytes[from] | 32) >= 0 || bytes[from] == '_';
    }

    private int peek(int ahead) {
        return at + ahead < end ? bytes[at + ahead] : 0;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
        return KIND[c & 0xff] == LETTER;
    }

    private static boolean isPart(int c) {
        int kind = KIND[c & 0xff];
        return kind >= LETTER && kind <= DOLLAR;
    }
}
