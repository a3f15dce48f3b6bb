package dev.spandrel.agent.protocol;

import java.util.Arrays;

/** Span contexts that came as {@code traceparent}: 16 bytes of trace id, 8 of span id and one of flags each. Mutable on purpose: one per request. */
public final class TraceLinks {
    private static final int SIZE = 25;
    private static final int LENGTH = 55;

    private static final byte[] DIGITS = digits();

    private final byte[] bytes;
    private int count;

    TraceLinks(int most) {
        bytes = new byte[most * SIZE];
    }

    void clear() {
        count = 0;
    }

    public int count() {
        return count;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the trace id of the link is; its span id follows, then its flags. */
    public int at(int index) {
        return index * SIZE;
    }

    /** What is no traceparent of version 00 is passed over, as is what there is no room for, and a context that is there already. */
    void add(Slice traceparent) {
        if (traceparent.length() != LENGTH || (count + 1) * SIZE > bytes.length) {
            return;
        }
        int at = count * SIZE;
        boolean valid = hex(traceparent, 0, 1, at)
                && bytes[at] == 0
                && hex(traceparent, 3, 16, at)
                && hex(traceparent, 36, 8, at + 16)
                && hex(traceparent, 53, 1, at + 24)
                && traceparent.at(2) == '-'
                && traceparent.at(35) == '-'
                && traceparent.at(52) == '-';
        if (valid && !isZero(at, 16) && !isZero(at + 16, 8) && !isThere(at)) {
            count++;
        }
    }

    private boolean hex(Slice text, int from, int size, int to) {
        byte[] of = text.bytes();
        int at = text.from() + from;
        int valid = 0;
        for (int i = 0; i < size; i++, at += 2) {
            int value = DIGITS[of[at] & 0xff] << 4 | DIGITS[of[at + 1] & 0xff];
            valid |= value;
            bytes[to + i] = (byte) value;
        }
        return valid >= 0;
    }

    /** By letter: its value, or -1. */
    private static byte[] digits() {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < 16; i++) values["0123456789abcdef".charAt(i)] = (byte) i;
        return values;
    }

    private boolean isZero(int at, int size) {
        for (int i = at; i < at + size; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isThere(int at) {
        for (int i = 0; i < at; i += SIZE) {
            if (Arrays.equals(bytes, i, i + SIZE, bytes, at, at + SIZE)) {
                return true;
            }
        }
        return false;
    }
}
