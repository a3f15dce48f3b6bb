/**
 * What the bytes of a request say: a reader for each protocol, named as its file in {@code bpf/protocol}.
 *
 * <p>In: bytes as a client sent them, cut anywhere. Out: an {@link dev.spandrel.agent.protocol.Answer}. Never throws, and what is refused costs no
 * allocation; no thread of its own.
 */
@NullMarked
package dev.spandrel.agent.protocol;

import org.jspecify.annotations.NullMarked;
