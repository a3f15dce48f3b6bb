/**
 * SQL statements without what is in them: {@link dev.spandrel.agent.protocol.sql.SqlText}.
 *
 * <p>In: a statement, cut anywhere. Out: its text with every literal as {@code ?}, and a summary of low cardinality. Never throws; no thread of its own.
 */
@NullMarked
package dev.spandrel.agent.protocol.sql;

import org.jspecify.annotations.NullMarked;
