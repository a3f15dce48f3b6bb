package dev.spandrel.agent.metric;

/**
 * How full a map of the kernel is that refuses entries once it is full. Maps that drop their oldest entries instead are always meant to fill.
 *
 * @param map its name without the prefix
 */
public record MapFill(String map, long entries, long limit) {}
