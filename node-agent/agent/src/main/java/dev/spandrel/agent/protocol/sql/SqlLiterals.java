package dev.spandrel.agent.protocol.sql;

import static dev.spandrel.agent.protocol.sql.SqlBytes.isDigit;
import static dev.spandrel.agent.protocol.sql.SqlBytes.isPart;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Eight;
import dev.spandrel.agent.protocol.Slice;

/**
 * A statement without its literals, comments, and spaces but a blank alone; lists of literals become one. Its bytes are copied eight at a time; tokens are cut only where something begins
 * that could be one of these.
 */
final class SqlLiterals {
    private final SqlScanner scanner = new SqlScanner();
    private byte[] out = new byte[1024];
    /** Behind the last byte that is put. */
    private int to;

    private byte[] bytes = new byte[0];
    private boolean cql;
    private boolean mysql;
    private int end;

    /** Up to there tokens are known; and where the last one ended that was replaced. */
    private int known;

    private int begin;
    /** A blank was put last before {@link #begin}, or nothing was. */
    private boolean spaced;

    /** Where the last question mark was put; and the last row of a single one, with its parentheses. Ends, in {@link #out}. */
    private int mark;

    private int row;

    /** Valid until the next call. */
    Slice replace(Slice statement, Dialect dialect, Slice into) {
        scanner.start(statement, dialect);
        bytes = statement.bytes();
        cql = dialect == Dialect.CQL;
        mysql = dialect == Dialect.MYSQL;
        end = statement.to();
        known = begin = statement.from();
        spaced = true;
        to = 0;
        mark = row = -3;
        if (out.length < statement.length() + Long.BYTES) out = new byte[2 * statement.length()];
        pass();
        boolean isSpaced = isSpaced(end);
        to += end - begin;
        return into.set(out, 0, isSpaced && to > 0 ? to - 1 : to);
    }

    private void pass() {
        byte[] of = bytes;
        byte[] into = out;
        int until = end;
        int shift = to - begin;
        int eight = begin;
        long before = SqlBytes.LAST; // the high bit: a blank comes before these eight
        while (eight < until) {
            long word = Eight.at(of, eight);
            Eight.set(into, eight + shift, word);
            long blanks = SqlBytes.blanks(word);
            long unsettled = SqlBytes.unsettled(word, blanks) | blanks & (blanks << 8 | before >>> 56);
            int next = unsettled == 0 ? 0 : replaced(eight, unsettled);
            before = blanks;
            eight += Long.BYTES;
            if (next != 0) {
                shift = to - begin;
                eight = next;
                before = spaced && known == begin ? SqlBytes.LAST : 0;
            }
        }
    }

    /** Behind the first token in these eight bytes that has to be looked at; 0: there is none. */
    private int replaced(int eight, long unsettled) {
        for (long found = unsettled; found != 0; found &= found - 1) {
            int at = eight + Eight.first(found);
            if (at >= end) return 0;
            int c = bytes[at];
            boolean inWord = at > known && isPart(bytes[at - 1]);
            if (!isSettled(c, at, inWord)) return c == '?' ? parameter(at) : token(c, at, inWord);
        }
        return 0;
    }

    /** What is seen without a token being cut: a part of a word, a minus. */
    private boolean isSettled(int c, int at, boolean inWord) {
        return !cql && (inWord ? isPart(c) : c == '-' && at + 1 < end && bytes[at + 1] != '-');
    }

    private int parameter(int at) {
        mark = to + at + 1 - begin;
        if (at + 1 == end || bytes[at + 1] != ')') return known = at + 1;
        to = mark;
        return close(at + 1);
    }

    private int token(int c, int at, boolean inWord) {
        if (isDigit(c)) {
            int from = at > known && bytes[at - 1] == '.' ? at - 1 : at;
            int next = SqlBytes.numberEnd(bytes, from, end);
            boolean isSure = !cql || !inWord && (next == end || bytes[next] != '-');
            return isSure ? literal(from, next) : scanned(inWord ? wordAt(from) : from);
        }
        if (c == '\'') return inWord ? scanned(wordAt(at)) : literal(at, scanner.quotedEnd(at, mysql));
        if (c == '"') return mysql ? literal(at, scanner.quotedEnd(at, true)) : kept(at, scanner.quotedEnd(at, false));
        if (c == '-' && !inWord && at + 1 < end && bytes[at + 1] == '-') {
            return space(at, Eight.find(bytes, at, end, '\n'));
        }
        if (SqlBytes.isSpace(c)) return space(at, SqlBytes.spaceEnd(bytes, at, end));
        return scanned(inWord && cql && (c == '-' || isPart(c)) ? wordAt(at) : at);
    }

    private int scanned(int at) {
        scanner.moveTo(at);
        return switch (scanner.next()) {
            case SPACE, COMMENT -> space(scanner.from(), scanner.to());
            case STRING, NUMBER -> literal(scanner.from(), scanner.to());
            case WORD, QUOTED, PARAMETER, SYMBOL, END -> kept(scanner.from(), scanner.to());
        };
    }

    private int kept(int from, int next) {
        int shift = to - begin;
        for (int at = from; at < next; at += Long.BYTES) Eight.set(out, at + shift, Eight.at(bytes, at));
        return known = next;
    }

    private int space(int from, int next) {
        boolean isSpaced = isSpaced(from);
        to += from - begin;
        if (!isSpaced) out[to++] = ' ';
        spaced = true;
        return known = begin = next;
    }

    /** Of a list that goes on with it only the first one stays. */
    private int literal(int from, int next) {
        to += from - begin;
        if (isList(mark, to)) to = mark;
        else out[to++] = '?';
        mark = to;
        spaced = false;
        return next < end && bytes[next] == ')' ? close(next) : (known = begin = next);
    }

    /** The parenthesis behind a question mark; likewise of rows. */
    private int close(int at) {
        out[to++] = ')';
        int first = to - 3;
        if (first >= 0 && out[first] == '(') {
            if (isList(row, first)) to = row;
            row = to;
        }
        mark = to - 1;
        spaced = false;
        return known = begin = at + 1;
    }

    /** A comma, or with a blank. */
    private boolean isList(int from, int until) {
        int length = until - from;
        return (length == 1 || length == 2 && out[from + 1] == ' ') && out[from] == ',';
    }

    /** Behind the tokens that are known stand words, symbols and blanks alone; of those tokens none but the last one that was replaced was a space. */
    private boolean isSpaced(int at) {
        return at > known ? bytes[at - 1] == ' ' : known == begin && spaced;
    }

    /** Where the word begins that goes on here. */
    private int wordAt(int within) {
        int at = within;
        while (at > known && isPart(bytes[at - 1])) at--;
        return at;
    }
}
