package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;

/**
 * A statement whose literals are {@code ?}, without comments, and what it does to what. Lists of literals become one. What is asked about again and again is remembered. Holds scratch
 * space: one per thread.
 */
public final class SqlText {
    private final SqlChanges changes = new SqlChanges();
    private final SqlSummary summary = new SqlSummary();
    private final SqlMemory statements = new SqlMemory(256);
    /** By statements without their literals: what a statement does is the same whatever they were. */
    private final SqlMemory shapes = new SqlMemory(1024);

    private final Text text = new Text();
    private final Slice scanned = new Slice();
    private Slice sanitized = new Slice();
    private Slice summarized = new Slice();

    public SqlText read(Slice statement, Dialect dialect) {
        var known = statements.find(statement, dialect);
        if (known != null) {
            sanitized = known.sanitized();
            summarized = known.summary();
            return this;
        }
        sanitize(statement, dialect);
        sanitized = text.into(scanned);
        var shape = shapes.find(sanitized, dialect);
        if (shape != null) {
            summarized = shape.summary();
        } else {
            summarized =
                    dialect == Dialect.CQL ? summary.of(statement, dialect) : summary.ofSanitized(sanitized, dialect);
            shapes.keep(sanitized, dialect, sanitized, summarized);
        }
        statements.keep(statement, dialect, sanitized, summarized);
        return this;
    }

    /** Valid until the next read. */
    public Slice sanitized() {
        return sanitized;
    }

    /** For example {@code SELECT orders customers}; at most 255 bytes; empty where there is nothing to say. Valid until the next read. */
    public Slice summary() {
        return summarized;
    }

    private void sanitize(Slice statement, Dialect dialect) {
        byte[] bytes = statement.bytes();
        changes.start(statement, dialect);
        text.start();
        int run = statement.from(); // from here on bytes are taken as they are
        boolean spaced = true; // a space is the last of them, or there is nothing yet
        for (SqlToken kind = changes.next(spaced); kind != SqlToken.END; kind = changes.next(spaced)) {
            int from = changes.from(), to = changes.to();
            switch (kind) {
                case SPACE, COMMENT -> {
                    text.bytes(bytes, run, from - run);
                    if (!changes.spaced()) text.append((byte) ' ');
                    run = to;
                    spaced = true;
                    continue;
                }
                case SYMBOL -> {
                    if (run < from ? bytes[from - 1] == '?' : text.endsWith("?")) {
                        text.bytes(bytes, run, to - run);
                        run = to;
                        drop("(?), (?)", "(?),(?)", 3);
                    }
                }
                default -> {
                    text.bytes(bytes, run, from - run).append((byte) '?');
                    run = to;
                    drop("?, ?", "?,?", 1);
                }
            }
            spaced = false;
        }
        text.bytes(bytes, run, statement.to() - run);
        if (changes.spaced() && text.length() > 0) text.truncate(text.length() - 1);
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
