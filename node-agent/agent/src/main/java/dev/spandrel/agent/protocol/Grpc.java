package dev.spandrel.agent.protocol;

import dev.spandrel.contract.v1.Protocol;

/** gRPC, as HTTP/2 carries it. */
public final class Grpc implements dev.spandrel.agent.protocol.Protocol {
    public static final int NUMBER = Protocol.PROTOCOL_GRPC_VALUE;
    /** Value of {@code rpc.system.name}. */
    public static final String SYSTEM = "grpc";
}
