package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code struct trace_config}: what the kernel decides by in one cgroup. Numbers are unsigned in the kernel. */
record ConfigValue(
        long generation,
        long threshold,
        long slowerThanNanos,
        int flags,
        int protocols,
        int policy,
        int maxSpansPerSecond,
        int ruleSet,
        int searchBytes,
        int captureBytes,
        int serverErrorFrom,
        int clientErrorFrom,
        int roles,
        List<PortRange> ports) {
    static final int MAX_PORT_RANGES = 8;
    private static final int PORTS = 56;
    static final int SIZE = PORTS + MAX_PORT_RANGES * PortRange.SIZE;

    /** Field → offset; "" is the size. Compared with the object's BTF when it is loaded. */
    static final Map<String, Integer> LAYOUT = Map.ofEntries(
            Map.entry("generation", 0),
            Map.entry("threshold", 8),
            Map.entry("slower_than_ns", 16),
            Map.entry("flags", 24),
            Map.entry("protocols", 28),
            Map.entry("policy", 32),
            Map.entry("max_spans_per_second", 36),
            Map.entry("rule_set", 40),
            Map.entry("search_bytes", 42),
            Map.entry("capture_bytes", 44),
            Map.entry("server_error_from", 46),
            Map.entry("client_error_from", 48),
            Map.entry("roles", 50),
            Map.entry("port_ranges", 51),
            Map.entry("port", PORTS),
            Map.entry("", SIZE));

    /** {@code struct port_range}: both ends belong to it. */
    record PortRange(int first, int last) {
        static final int SIZE = 4;
        static final Map<String, Integer> LAYOUT = Map.of("first", 0, "last", 2, "", SIZE);
    }

    ConfigValue {
        ports = List.copyOf(ports);
    }

    ConfigValue withGeneration(long newGeneration) {
        return new ConfigValue(
                newGeneration,
                threshold,
                slowerThanNanos,
                flags,
                protocols,
                policy,
                maxSpansPerSecond,
                ruleSet,
                searchBytes,
                captureBytes,
                serverErrorFrom,
                clientErrorFrom,
                roles,
                ports);
    }

    boolean enabled() {
        return (flags & ConfigFlag.ENABLED.bit()) != 0;
    }

    /** As the kernel gives it back; any bytes can be read. */
    static ConfigValue decode(MemorySegment from) {
        int ranges = Math.min(unsigned(from, 51), MAX_PORT_RANGES);
        return new ConfigValue(
                from.get(JAVA_LONG, 0),
                from.get(JAVA_LONG, 8),
                from.get(JAVA_LONG, 16),
                from.get(JAVA_INT, 24),
                from.get(JAVA_INT, 28),
                from.get(JAVA_INT, 32),
                from.get(JAVA_INT, 36),
                unsignedShort(from, 40),
                unsignedShort(from, 42),
                unsignedShort(from, 44),
                unsignedShort(from, 46),
                unsignedShort(from, 48),
                unsigned(from, 50),
                IntStream.range(0, ranges)
                        .mapToObj(i -> PORTS + (long) i * PortRange.SIZE)
                        .map(at -> new PortRange(unsignedShort(from, at), unsignedShort(from, at + 2)))
                        .toList());
    }

    private static int unsigned(MemorySegment from, long at) {
        return Byte.toUnsignedInt(from.get(JAVA_BYTE, at));
    }

    private static int unsignedShort(MemorySegment from, long at) {
        return Short.toUnsignedInt(from.get(JAVA_SHORT, at));
    }

    void encode(MemorySegment to) {
        to.fill((byte) 0);
        to.set(JAVA_LONG, 0, generation);
        to.set(JAVA_LONG, 8, threshold);
        to.set(JAVA_LONG, 16, slowerThanNanos);
        to.set(JAVA_INT, 24, flags);
        to.set(JAVA_INT, 28, protocols);
        to.set(JAVA_INT, 32, policy);
        to.set(JAVA_INT, 36, maxSpansPerSecond);
        to.set(JAVA_SHORT, 40, (short) ruleSet);
        to.set(JAVA_SHORT, 42, (short) searchBytes);
        to.set(JAVA_SHORT, 44, (short) captureBytes);
        to.set(JAVA_SHORT, 46, (short) serverErrorFrom);
        to.set(JAVA_SHORT, 48, (short) clientErrorFrom);
        to.set(JAVA_BYTE, 50, (byte) roles);
        to.set(JAVA_BYTE, 51, (byte) ports.size());
        long at = PORTS;
        for (var range : ports) {
            to.set(JAVA_SHORT, at, (short) range.first());
            to.set(JAVA_SHORT, at + 2, (short) range.last());
            at += PortRange.SIZE;
        }
    }
}
