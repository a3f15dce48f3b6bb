package dev.spandrel.agent.protocol.sql;

import static dev.spandrel.agent.protocol.sql.SqlBytes.DIGIT;
import static dev.spandrel.agent.protocol.sql.SqlBytes.LETTER;
import static dev.spandrel.agent.protocol.sql.SqlBytes.PLAIN;
import static dev.spandrel.agent.protocol.sql.SqlBytes.SPACE;
import static dev.spandrel.agent.protocol.sql.SqlBytes.behindParts;
import static dev.spandrel.agent.protocol.sql.SqlBytes.find;
import static dev.spandrel.agent.protocol.sql.SqlBytes.isDigit;
import static dev.spandrel.agent.protocol.sql.SqlBytes.isLetter;
import static dev.spandrel.agent.protocol.sql.SqlBytes.isPart;
import static dev.spandrel.agent.protocol.sql.SqlBytes.isSpace;
import static dev.spandrel.agent.protocol.sql.SqlBytes.kind;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;

/** Cuts a statement into tokens. What is not closed goes on to the end, so that nothing of a cut literal is taken for something else. */
final class SqlScanner {
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

    /** The next token begins there. */
    void moveTo(int place) {
        at = place;
    }

    /** The next one that is not blanks alone. */
    SqlToken nextBehindBlanks() {
        while (at < end && bytes[at] == ' ') at++;
        return next();
    }

    SqlToken next() {
        from = at;
        if (at >= end) {
            return SqlToken.END;
        }
        int c = bytes[at];
        if (dialect == Dialect.CQL && (isLetter(c) || isDigit(c))) {
            int literal = CqlLiterals.end(bytes, at, end);
            if (literal > at) {
                at = literal;
                return SqlToken.NUMBER;
            }
        }
        return switch (kind(c)) {
            case LETTER -> word();
            case SPACE -> {
                while (++at < end && isSpace(bytes[at])) {}
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
            at = find(bytes, at, end, '\n', '\n');
            return SqlToken.COMMENT;
        }
        if (c == '/' && peek(1) == '*') {
            return comment();
        }
        if (c == '\'') {
            return quoted(dialect == Dialect.MYSQL, SqlToken.STRING);
        }
        if (c == '"') {
            boolean text = dialect == Dialect.MYSQL;
            return quoted(text, text ? SqlToken.STRING : SqlToken.QUOTED);
        }
        if (c == '`') {
            return quoted(false, SqlToken.QUOTED);
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

    private SqlToken quoted(boolean backslashes, SqlToken kind) {
        at = quotedEnd(at, backslashes);
        return kind;
    }

    /** Behind what goes on from the quote there to the next one; a doubled one is one of the content. */
    int quotedEnd(int from, boolean backslashes) {
        int quote = bytes[from];
        return SqlBytes.quotedEnd(bytes, from, end, quote, backslashes ? '\\' : quote);
    }

    private SqlToken number() {
        at = SqlBytes.numberEnd(bytes, at, end);
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
        at = behindParts(bytes, at + 1, end);
        if (at < end && bytes[at] == '\'' && isPrefix()) {
            boolean escapes = dialect == Dialect.MYSQL || (bytes[from] | 32) == 'e';
            return quoted(escapes, SqlToken.STRING);
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
}
