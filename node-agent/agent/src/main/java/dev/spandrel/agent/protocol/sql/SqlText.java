package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;

/** A statement whose literals are {@code ?}, without comments, and what it does to what. Lists of literals become one. Holds scratch space: one per thread. */
public final class SqlText {
    private final SqlScanner scanner = new SqlScanner();
    private final SqlSummary summary = new SqlSummary();
    private final Text text = new Text();
    private final Slice token = new Slice();
    private final Slice sanitized = new Slice();

    public SqlText read(Slice statement, Dialect dialect) {
        scanner.start(statement, dialect);
        summary.start();
        text.start();
        boolean space = false;
        while (true) {
            SqlToken kind = scanner.next();
            if (kind == SqlToken.END) {
                break;
            }
            if (kind == SqlToken.SPACE || kind == SqlToken.COMMENT) {
                space = text.length() > 0;
                continue;
            }
            if (space) {
                text.append((byte) ' ');
                space = false;
            }
            scanner.token(token);
            summary.take(kind, token);
            if (kind == SqlToken.STRING || kind == SqlToken.NUMBER) {
                text.append((byte) '?');
                drop("?, ?", "?,?", 1);
            } else {
                text.text(token);
                if (token.at(0) == ')') {
                    drop("(?), (?)", "(?),(?)", 3);
                }
            }
        }
        return this;
    }

    /** Valid until the next read. */
    public Slice sanitized() {
        return text.into(sanitized);
    }

    /** For example {@code SELECT orders customers}; at most 255 bytes; empty where there is nothing to say. Valid until the next read. */
    public Slice summary() {
        return summary.text();
    }

    /** Of a list that goes on like this only its first {@code kept} bytes stay. */
    private void drop(String spaced, String dense, int kept) {
        if (text.endsWith(spaced)) {
            text.truncate(text.length() - spaced.length() + kept);
        } else if (text.endsWith(dense)) {
            text.truncate(text.length() - dense.length() + kept);
        }
    }
}
