package dev.spandrel.agent.protocol;

/** How requests of one protocol are read, and what they are called. The kind says what spans and figures they become. */
public sealed interface Protocol
        permits Http, Http2, Grpc, Graphql, Jsonrpc, DatabaseProtocol, MessagingProtocol, Dns {}
