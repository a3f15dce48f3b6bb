package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import java.util.Locale;
import java.util.Set;

/** Operations and their targets, in the order of the statement. Fed token by token, without spaces and comments. */
final class SqlSummary {
    private static final int LONGEST = 255;
    private static final int DEPTH = 32;
    private static final int LONGEST_KEYWORD = 12;

    /** Begin a statement, or a part of one in parentheses or behind such. */
    private static final Set<String> OPERATIONS = Set.of(
            "INSERT",
            "UPDATE",
            "DELETE",
            "MERGE",
            "REPLACE",
            "EXPLAIN",
            "ANALYZE",
            "CREATE",
            "ALTER",
            "DROP",
            "TRUNCATE",
            "COPY",
            "CALL",
            "EXECUTE",
            "PREPARE",
            "DEALLOCATE");
    /** A name comes next. */
    private static final Set<String> NAMING = Set.of(
            "INSERT", "REPLACE", "UPDATE", "TRUNCATE", "COPY", "CALL", "EXECUTE", "PREPARE", "DEALLOCATE", "ANALYZE");

    private static final Set<String> DEFINING = Set.of("CREATE", "ALTER", "DROP", "TRUNCATE");
    private static final Set<String> OBJECTS =
            Set.of("TABLE", "VIEW", "INDEX", "SEQUENCE", "SCHEMA", "DATABASE", "FUNCTION", "PROCEDURE", "TRIGGER");
    /** May stand before the name. */
    private static final Set<String> PASSED_OVER =
            Set.of("ONLY", "LATERAL", "IF", "NOT", "EXISTS", "CONCURRENTLY", "INTO", "LOW_PRIORITY", "IGNORE", "TABLE");
    /** End a list of names. */
    private static final Set<String> CLAUSES =
            Set.of("WHERE", "GROUP", "ORDER", "SET", "LIMIT", "UNION", "HAVING", "RETURNING", "VALUES");

    private final Text text = new Text();
    private final Slice result = new Slice();
    private final StringBuilder upper = new StringBuilder();
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

    void start() {
        text.start();
        depth = 0;
        full = false;
        begin();
    }

    /** Valid until the next start. */
    Slice text() {
        return text.into(result);
    }

    void take(SqlToken kind, Slice token) {
        if (full) {
            return;
        }
        switch (kind) {
            case WORD -> word(token);
            case QUOTED -> name(token);
            case SYMBOL -> symbol(token.at(0));
            default -> first = inside = naming = named = dot = false;
        }
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

    private void word(Slice token) {
        String word = dot ? "" : upper(token);
        if (defining && OBJECTS.contains(word)) {
            append(token, true);
            naming = true;
            defining = false;
        } else if (naming && PASSED_OVER.contains(word)) {
            named = false;
        } else if (!keyword(word, token)) {
            if (first) {
                append(token, true);
            } else {
                name(token);
            }
        }
        first = first && (word.equals("EXPLAIN") || word.equals("ANALYZE"));
        inside = false;
    }

    private boolean keyword(String word, Slice token) {
        if (word.equals("SELECT") || (OPERATIONS.contains(word) && (first || inside))) {
            append(token, true);
            awaitsFrom[depth] = word.equals("SELECT") || word.equals("DELETE");
            inList[depth] = false;
            naming = NAMING.contains(word);
            defining = DEFINING.contains(word);
        } else if (word.equals("FROM")) {
            naming = inList[depth] = awaitsFrom[depth];
            awaitsFrom[depth] = false;
        } else if (word.equals("JOIN") || word.equals("INTO")) {
            naming = true;
        } else if (CLAUSES.contains(word) && !first) {
            naming = inList[depth] = false;
        } else {
            return word.equals("WITH") && first;
        }
        named = false;
        return true;
    }

    private void name(Slice token) {
        if (dot) {
            text.append((byte) '.').text(token);
        } else if (naming) {
            append(token, false);
        }
        named = dot || naming;
        first = inside = naming = dot = false;
    }

    private void append(Slice token, boolean upperCase) {
        if (text.length() + token.length() + 1 > LONGEST) {
            full = true;
            return;
        }
        if (text.length() > 0) {
            text.append((byte) ' ');
        }
        for (int i = 0; i < token.length(); i++) {
            int c = token.at(i);
            text.append((byte) (upperCase && c >= 'a' && c <= 'z' ? c - 32 : c));
        }
    }

    /** The word in upper case, if it is short enough for a keyword. */
    private String upper(Slice token) {
        if (token.length() > LONGEST_KEYWORD) {
            return "";
        }
        upper.setLength(0);
        for (int i = 0; i < token.length(); i++) {
            upper.append((char) token.at(i));
        }
        return upper.toString().toUpperCase(Locale.ROOT);
    }
}
