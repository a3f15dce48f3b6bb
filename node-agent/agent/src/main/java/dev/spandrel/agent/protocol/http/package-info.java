/**
 * HTTP/1.x heads, read in place: {@link dev.spandrel.agent.protocol.http.RequestHead}.
 *
 * <p>In: bytes as a client sent them, cut anywhere. Out: slices of those bytes. Never throws; no thread of its own.
 */
@NullMarked
package dev.spandrel.agent.protocol.http;

import org.jspecify.annotations.NullMarked;
