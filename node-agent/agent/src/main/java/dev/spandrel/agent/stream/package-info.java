/**
 * Exchanges of HTTP/2 are put together here, for many share a connection and what they say is compressed: {@link dev.spandrel.agent.stream.Streams}.
 *
 * <p>In: the kernel's news of streams, in the ring's order. Out: exchange records as the kernel itself makes them of other protocols, decided about by the same
 * rules, and exact counts of all. Runs on the drain thread; the counts are read by others. What is held is bounded.
 */
@NullMarked
package dev.spandrel.agent.stream;

import org.jspecify.annotations.NullMarked;
