package dev.spandrel.agent.protocol.sql;

import static dev.spandrel.agent.protocol.sql.SqlBytes.first;
import static dev.spandrel.agent.protocol.sql.SqlBytes.isDigit;
import static dev.spandrel.agent.protocol.sql.SqlBytes.isPart;
import static dev.spandrel.agent.protocol.sql.SqlBytes.unsettled;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;

/**
 * The tokens of a statement that do not stay as they are: literals, comments, spaces but a blank alone, and parentheses that close behind a literal or a parameter. The others are passed
 * eight bytes at a time, and cut into tokens only where something begins that could be one of these.
 */
final class SqlChanges {
    private final SqlScanner scanner = new SqlScanner();
    private byte[] bytes = new byte[0];
    private boolean cql;
    private boolean spaced;
    private int end;

    void start(Slice statement, Dialect dialect) {
        scanner.start(statement, dialect);
        bytes = statement.bytes();
        cql = dialect == Dialect.CQL;
        end = statement.to();
    }

    int from() {
        return scanner.from();
    }

    int to() {
        return scanner.to();
    }

    /** Whether what the last one was found behind ends with a space. */
    boolean spaced() {
        return spaced;
    }

    /** `after`: the last one was a space, or there was none yet. */
    SqlToken next(boolean after) {
        byte[] of = bytes;
        int begin = scanner.to(), known = begin; // up to there tokens are known
        int eight = begin;
        long found = unsettled(of, eight, after);
        while (eight < end) {
            if (found == 0) {
                eight += 8;
                found = eight < end ? unsettled(of, eight, of[eight - 1] == ' ') : 0;
                continue;
            }
            int at = eight + first(found);
            if (at >= end) break;
            found &= found - 1;
            int c = of[at];
            boolean inWord = at > known && isPart(of[at - 1]);
            if (isSettled(c, at, inWord, begin)) continue;
            boolean ofWord = inWord && (c == '\'' || cql && (c == '-' || isPart(c)));
            scanner.moveTo(ofWord ? wordAt(at, known) : at);
            SqlToken token = scanner.next();
            if (changes(token, c)) {
                spaced = isSpaced(scanner.from(), known, begin, after);
                return token;
            }
            eight = known = scanner.to();
            found = unsettled(of, eight, false);
        }
        spaced = isSpaced(end, known, begin, after);
        scanner.moveTo(end);
        return scanner.next();
    }

    /** What is seen without a token being cut: a part of a word, the dot behind one, or what closes a parenthesis of other things. */
    private boolean isSettled(int c, int at, boolean inWord, int begin) {
        if (c == ')') return at > begin && bytes[at - 1] != '?';
        if (c == '.') return at + 1 < end && !isDigit(bytes[at + 1]);
        return inWord && !cql && isPart(c);
    }

    private static boolean changes(SqlToken token, int c) {
        return switch (token) {
            case WORD, QUOTED, PARAMETER -> false;
            case SYMBOL -> c == ')';
            default -> true;
        };
    }

    /** Behind the tokens that are known stand words, symbols and blanks alone; of those tokens none but the last one that was told of was a space. */
    private boolean isSpaced(int at, int known, int begin, boolean after) {
        if (at > known) return bytes[at - 1] == ' ';
        return known == begin && after;
    }

    /** Where the word begins that goes on here. */
    private int wordAt(int within, int known) {
        int at = within;
        while (at > known && isPart(bytes[at - 1])) at--;
        return at;
    }
}
