package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;

/** Operations and their targets, in the order of the statement. */
final class SqlSummary {
    private static final int LONGEST = 255;
    private static final int DEPTH = 32;

    private final SqlScanner scanner = new SqlScanner();
    private final Text text = new Text();
    private final Slice result = new Slice();
    /** By depth of parentheses: a FROM of the statement is still to come; a comma leads to another name. */
    private final boolean[] awaitsFrom = new boolean[DEPTH];

    private final boolean[] inList = new boolean[DEPTH];
    private int depth;
    /** The next word is the first of a statement; or of what stands in parentheses, or behind them. */
    private boolean first;

    private boolean inside;
    private boolean naming;
    private boolean defining;
    /** The last token was a name that was taken, or the dot behind one. */
    private boolean named;

    private boolean dot;
    private boolean full;

    /** Of a statement as it came. Valid until the next call. */
    Slice of(Slice statement, Dialect dialect) {
        return read(statement, dialect, false);
    }

    /** Of one without literals and comments: of its tokens only those are cut that may say something. Not CQL, of which a part may look like a cut literal then. */
    Slice ofSanitized(Slice statement, Dialect dialect) {
        return read(statement, dialect, true);
    }

    private Slice read(Slice statement, Dialect dialect, boolean sanitized) {
        byte[] bytes = statement.bytes();
        int end = statement.to();
        scanner.start(statement, dialect);
        text.start();
        depth = 0;
        full = false;
        begin();
        for (SqlToken kind = scanner.nextBehindBlanks();
                kind != SqlToken.END && !full;
                kind = scanner.nextBehindBlanks()) {
            switch (kind) {
                case SPACE, COMMENT -> {}
                case WORD -> word(bytes, scanner.from(), scanner.to());
                case QUOTED -> named(bytes, scanner.from(), scanner.to());
                case SYMBOL -> symbol(bytes[scanner.from()]);
                default -> first = inside = naming = named = dot = false;
            }
            if (sanitized && !(first || inside || naming || defining || named || dot)) {
                scanner.moveTo(SqlBytes.telling(bytes, scanner.to(), end, inList[depth]));
            }
        }
        return text.into(result);
    }

    private void begin() {
        first = true;
        inside = naming = defining = named = dot = false;
        awaitsFrom[depth] = inList[depth] = false;
    }

    private void symbol(int symbol) {
        dot = symbol == '.' && named;
        inside = symbol == '(' || symbol == ')';
        named = false;
        naming = symbol == ',' && inList[depth];
        if (symbol == '(') {
            depth = Math.min(depth + 1, DEPTH - 1);
            awaitsFrom[depth] = inList[depth] = false;
        } else if (symbol == ')') {
            depth = Math.max(depth - 1, 0);
        } else if (symbol == ';') {
            begin();
        }
    }

    /** A keyword, or a name without quotes. */
    private void word(byte[] bytes, int from, int to) {
        int word = dot ? 0 : SqlWords.of(bytes, from, to);
        if (defining && (word & SqlWords.OBJECT) != 0) {
            append(bytes, from, to, true);
            naming = true;
            defining = false;
        } else if (naming && (word & SqlWords.PASSED_OVER) != 0) {
            named = false;
        } else if (word == 0 || !keyword(word, bytes, from, to)) {
            if (first) {
                append(bytes, from, to, true);
            } else {
                named(bytes, from, to);
            }
        }
        first = first && (word & SqlWords.EXPLAINING) != 0;
        inside = false;
    }

    private boolean keyword(int word, byte[] bytes, int from, int to) {
        if ((word & SqlWords.SELECT) != 0 || ((word & SqlWords.OPERATION) != 0 && (first || inside))) {
            append(bytes, from, to, true);
            awaitsFrom[depth] = (word & (SqlWords.SELECT | SqlWords.DELETE)) != 0;
            inList[depth] = false;
            naming = (word & SqlWords.NAMING) != 0;
            defining = (word & SqlWords.DEFINING) != 0;
        } else if ((word & SqlWords.FROM) != 0) {
            naming = inList[depth] = awaitsFrom[depth];
            awaitsFrom[depth] = false;
        } else if ((word & SqlWords.LEADING) != 0) {
            naming = true;
        } else if ((word & SqlWords.CLAUSE) != 0 && !first) {
            naming = inList[depth] = false;
        } else {
            return (word & SqlWords.WITH) != 0 && first;
        }
        named = false;
        return true;
    }

    private void named(byte[] bytes, int from, int to) {
        if (dot) {
            text.append((byte) '.').bytes(bytes, from, to - from);
        } else if (naming) {
            append(bytes, from, to, false);
        }
        named = dot || naming;
        first = inside = naming = dot = false;
    }

    private void append(byte[] bytes, int from, int to, boolean upperCase) {
        if (text.length() + to - from + 1 > LONGEST) {
            full = true;
            return;
        }
        if (text.length() > 0) {
            text.append((byte) ' ');
        }
        if (upperCase) {
            for (int i = from; i < to; i++) {
                int c = bytes[i];
                text.append((byte) (c >= 'a' && c <= 'z' ? c - 32 : c));
            }
        } else {
            text.bytes(bytes, from, to - from);
        }
    }
}
