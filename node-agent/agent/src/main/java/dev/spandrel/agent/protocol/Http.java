package dev.spandrel.agent.protocol;

/** HTTP/1. Its heads are read by {@code protocol.http}, its status is a number. */
public final class Http implements Protocol {}
