/**
 * Kept exchanges leave the node: {@link dev.spandrel.agent.export.SpanQueue} takes records from the drain thread,
 * {@link dev.spandrel.agent.export.SpanExport} turns batches into OTLP on its own thread and hands them to a {@link dev.spandrel.agent.export.Receiver}.
 *
 * <p>The queue holds raw records, bounded in bytes: a receiver that is away costs memory that was planned, and what does not fit is counted.
 */
@NullMarked
package dev.spandrel.agent.export;

import org.jspecify.annotations.NullMarked;
