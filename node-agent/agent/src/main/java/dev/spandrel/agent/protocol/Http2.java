package dev.spandrel.agent.protocol;

import dev.spandrel.contract.v1.Protocol;

/** HTTP/2. Its header blocks are read by {@code protocol.http2}, its exchanges put together by {@code stream}; then they are as those of HTTP/1. */
public final class Http2 implements dev.spandrel.agent.protocol.Protocol {
    public static final int NUMBER = Protocol.PROTOCOL_HTTP2_VALUE;
}
