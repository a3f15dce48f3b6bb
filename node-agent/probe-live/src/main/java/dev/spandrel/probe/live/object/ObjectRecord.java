package dev.spandrel.probe.live.object;

import java.util.SortedMap;

/**
 * One record of an object's ring buffer.
 *
 * @param cgroup whose it is; 0: it does not say
 * @param ktime when it was made, by the kernel's monotonic clock; 0: it does not say
 * @param attributes numbers are {@link Long}, all else is text
 */
public record ObjectRecord(long cgroup, long ktime, SortedMap<String, Object> attributes) {}
