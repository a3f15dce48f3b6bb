package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;

/**
 * A statement whose literals are {@code ?}, without comments, and what it does to what. Lists of literals become one. What is asked about again and again is remembered. Holds scratch
 * space: one per thread.
 */
public final class SqlText {
    private final SqlScanner scanner = new SqlScanner();
    private final SqlSummary summary = new SqlSummary();
    private final SqlMemory memory = new SqlMemory();
    private final Text text = new Text();
    private final Slice scanned = new Slice();
    private Slice sanitized = new Slice();
    private Slice summarized = new Slice();

    public SqlText read(Slice statement, Dialect dialect) {
        var known = memory.find(statement, dialect);
        if (known != null) {
            sanitized = known.sanitized();
            summarized = known.summary();
            return this;
        }
        scan(statement, dialect);
        sanitized = text.into(scanned);
        summarized = summary.text();
        memory.keep(statement, dialect, sanitized, summarized);
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

    private void scan(Slice statement, Dialect dialect) {
        byte[] bytes = statement.bytes();
        scanner.start(statement, dialect);
        summary.start();
        text.start();
        int run = statement.from(); // from here on bytes are taken as they are
        boolean spaced = true; // a space is the last of them, or there is nothing yet
        for (SqlToken kind = scanner.next(); kind != SqlToken.END; kind = scanner.next()) {
            int from = scanner.from(), to = scanner.to();
            if (kind == SqlToken.SPACE || kind == SqlToken.COMMENT) {
                if (spaced || to - from > 1 || bytes[from] != ' ') {
                    text.bytes(bytes, run, from - run);
                    if (!spaced) text.append((byte) ' ');
                    run = to;
                }
                spaced = true;
                continue;
            }
            spaced = false;
            switch (kind) {
                case WORD -> summary.word(bytes, from, to);
                case QUOTED -> summary.name(bytes, from, to);
                case SYMBOL -> {
                    summary.symbol(bytes[from]);
                    if (bytes[from] == ')' && (run < from ? bytes[from - 1] == '?' : text.endsWith("?"))) {
                        text.bytes(bytes, run, to - run);
                        run = to;
                        drop("(?), (?)", "(?),(?)", 3);
                    }
                }
                case STRING, NUMBER -> {
                    summary.other();
                    text.bytes(bytes, run, from - run).append((byte) '?');
                    run = to;
                    drop("?, ?", "?,?", 1);
                }
                default -> summary.other();
            }
        }
        text.bytes(bytes, run, statement.to() - run);
        if (spaced && text.length() > 0) text.truncate(text.length() - 1);
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
