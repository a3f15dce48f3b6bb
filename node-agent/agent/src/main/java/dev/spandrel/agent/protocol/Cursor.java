package dev.spandrel.agent.protocol;

/** Reads numbers and texts one after another, big-endian. Beyond the end it answers zeros and is {@link #isShort()}. Mutable on purpose: one per reader. */
final class Cursor {
    private byte[] bytes = new byte[0];
    private int at;
    private int to;
    private boolean cut;

    Cursor set(byte[] source, int from, int end) {
        bytes = source;
        at = from;
        to = Math.max(from, end);
        cut = false;
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    /** Whether more was asked for than there is, or a length could not be right. */
    boolean isShort() {
        return cut;
    }

    int left() {
        return to - at;
    }

    Cursor skip(long count) {
        if (count < 0 || count > to - at) {
            cut = true;
            at = to;
        } else {
            at += (int) count;
        }
        return this;
    }

    int u8() {
        if (at >= to) {
            cut = true;
            return 0;
        }
        return bytes[at++] & 0xff;
    }

    int i16() {
        return (short) (u8() << 8 | u8());
    }

    int i32() {
        return u8() << 24 | u8() << 16 | u8() << 8 | u8();
    }

    /** Seven bits a byte, the lowest first. */
    long uvarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        cut = true;
        return 0;
    }

    /** The same, zigzag. */
    long varint() {
        long value = uvarint();
        return value >>> 1 ^ -(value & 1);
    }

    /** The next bytes, as far as they are here. */
    Cursor take(Slice into, long length) {
        int from = at;
        skip(length);
        into.set(bytes, from, at);
        return this;
    }
}
