/**
 * One exchange becomes one span by the OpenTelemetry semantic conventions for HTTP: {@link dev.spandrel.agent.span.HttpSpan}.
 *
 * <p>In: an exchange record and what is asked of its workload. Out: calls on a {@link dev.spandrel.agent.span.SpanSink}, so that no span object is
 * built on the way to the wire. Runs on the export thread.
 */
@NullMarked
package dev.spandrel.agent.span;

import org.jspecify.annotations.NullMarked;
