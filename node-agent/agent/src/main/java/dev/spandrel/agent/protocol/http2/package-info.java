/**
 * What header blocks of HTTP/2 say, also where the connection was joined midway: {@link dev.spandrel.agent.protocol.http2.Hpack}.
 *
 * <p>In: header blocks of one direction of a connection, in order, each whole or known to be lost. Out: fields, of which what stands in no table that was seen is
 * marked as unknown. Never throws, and no value is ever a wrong one; no thread of its own.
 */
@NullMarked
package dev.spandrel.agent.protocol.http2;

import org.jspecify.annotations.NullMarked;
