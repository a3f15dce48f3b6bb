package dev.spandrel.agent.stream;

import dev.spandrel.agent.protocol.Slice;
import java.util.random.RandomGenerator;

/** Trace context, as the kernel's {@code context.h} gives it: of the request's own header, or new. Mutable on purpose: one per exchange. */
final class TraceContext {
    /** The low bits of a trace id that sampling compares; thresholds are in these units. */
    static final long SAMPLED_BITS = (1L << 56) - 1;

    private static final int LENGTH = 55;
    private static final int SAMPLED = 1;

    private long high;
    private long low;
    private long parentSpanId;
    private int flags;
    private boolean given;
    private boolean valid;

    /** A traceparent header came. A second one, or one that is wrong, makes all of it void. */
    void header(Slice value) {
        boolean right = parse(value);
        valid = right && !given;
        given = true;
    }

    boolean isGiven() {
        return given;
    }

    boolean isParent() {
        return valid;
    }

    boolean isSampledByParent() {
        return (flags & SAMPLED) != 0;
    }

    /** A root: ids of its own. By chance the trace id is made to reach the threshold. */
    void begin(RandomGenerator random, boolean byChance, long threshold) {
        parentSpanId = 0;
        flags = 0;
        high = nonZero(random);
        low = random.nextLong();
        long value = low & SAMPLED_BITS;
        if (byChance && value < threshold && threshold <= SAMPLED_BITS) {
            low = low & ~SAMPLED_BITS | threshold + value % (SAMPLED_BITS + 1 - threshold);
        }
    }

    static long nonZero(RandomGenerator random) {
        long id = random.nextLong();
        return id == 0 ? 1 : id;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    long parentSpanId() {
        return parentSpanId;
    }

    int flags() {
        return flags;
    }

    void sampled() {
        flags |= SAMPLED;
    }

    /** W3C trace context level 1: version 00, or a later one that keeps its form. */
    private boolean parse(Slice value) {
        value.trim();
        if (value.length() < LENGTH || value.at(2) != '-' || value.at(35) != '-' || value.at(52) != '-') {
            return false;
        }
        long version = hex(value, 0, 2);
        high = hex(value, 3, 16);
        low = hex(value, 19, 16);
        parentSpanId = hex(value, 36, 16);
        flags = (int) hex(value, 53, 2);
        boolean digits = isHex(value, 0, 2) && isHex(value, 3, 32) && isHex(value, 36, 16) && isHex(value, 53, 2);
        boolean ends = value.length() == LENGTH || (version != 0 && value.at(LENGTH) == '-');
        return digits && ends && version != 0xff && (high | low) != 0 && parentSpanId != 0;
    }

    private static boolean isHex(Slice value, int from, int count) {
        for (int i = from; i < from + count; i++) {
            int c = value.at(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static long hex(Slice value, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            int c = value.at(i);
            number = number << 4 | (c & 15) + (c >> 6) * 9L & 15;
        }
        return number;
    }
}
