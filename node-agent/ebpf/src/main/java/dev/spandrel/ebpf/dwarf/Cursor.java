package dev.spandrel.ebpf.dwarf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads one number after the other; beyond the end an IndexOutOfBoundsException, which {@link DebugInformation} catches. */
final class Cursor {
    private final ByteBuffer bytes;
    int at;

    Cursor(ByteBuffer bytes, long at) {
        this.bytes = bytes;
        this.at = Math.toIntExact(at);
    }

    boolean atEnd() {
        return at >= bytes.limit();
    }

    int byte1() {
        return bytes.get(at++) & 0xff;
    }

    /** Of so many bytes, up to 8, unsigned. */
    long number(int size) {
        long value = 0;
        for (int i = 0; i < size; i++) value |= (long) byte1() << (8 * i);
        return value;
    }

    long offset(boolean wide) {
        return number(wide ? 8 : 4);
    }

    long unsigned() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = byte1();
            if (shift < 64) value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }

    long signed() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = byte1();
            if (shift < 64) value |= (long) (next & 0x7f) << shift;
            if (next >= 0x80) continue;
            return (next & 0x40) != 0 && shift + 7 < 64 ? value | -1L << (shift + 7) : value;
        }
    }

    void skip(long count) {
        at = Math.toIntExact(Math.addExact(at, count));
    }

    String text() {
        int start = at;
        while (bytes.get(at) != 0) at++;
        byte[] text = new byte[at++ - start];
        bytes.get(start, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
