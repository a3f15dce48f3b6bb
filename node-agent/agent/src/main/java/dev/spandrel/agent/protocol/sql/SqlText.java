package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;

/**
 * A statement whose literals are {@code ?}, without comments, and what it does to what. Lists of literals become one. What is asked about again and again is remembered. Holds scratch
 * space: one per thread.
 */
public final class SqlText {
    private final SqlLiterals literals = new SqlLiterals();
    private final SqlSummary summary = new SqlSummary();
    private final SqlMemory statements = new SqlMemory(256);
    /** By statements without their literals: what a statement does is the same whatever they were. */
    private final SqlMemory shapes = new SqlMemory(1024);

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
        sanitized = literals.replace(statement, dialect, scanned);
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
}
