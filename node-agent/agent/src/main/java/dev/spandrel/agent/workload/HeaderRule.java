package dev.spandrel.agent.workload;

/**
 * A request header that a policy looks for, where the kernel cannot.
 *
 * @param name in lower case
 * @param value exact; empty stands for any
 * @param keeps whatever the sampling says; otherwise it only makes the request eligible
 */
public record HeaderRule(String name, String value, boolean keeps) {}
