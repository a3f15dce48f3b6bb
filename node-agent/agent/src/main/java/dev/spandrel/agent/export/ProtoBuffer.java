package dev.spandrel.agent.export;

import dev.spandrel.agent.protocol.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing buffer of protobuf fields. Lengths of open messages are varints of fixed width, which every decoder reads. */
final class ProtoBuffer {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LENGTH_BYTES = 4;
    private static final int MAX_VARINT = 10;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LEN = 2;
    private static final int FIXED32 = 5;
    private static final int KEY = 1;
    private static final int VALUE = 2;

    private byte[] bytes;
    private int size;

    ProtoBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** Takes back what was written since it had that size. */
    void truncate(int earlier) {
        size = earlier;
    }

    /** What was written; valid until it is written to again. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    void append(ProtoBuffer other) {
        bytes(other.bytes, 0, other.size);
    }

    /** Answers the mark that {@link #close} takes. */
    int open(int field) {
        tag(field, LEN);
        reserve(LENGTH_BYTES);
        size += LENGTH_BYTES;
        return size;
    }

    void close(int mark) {
        int length = size - mark;
        bytes[mark - 4] = (byte) (length & 0x7f | 0x80);
        bytes[mark - 3] = (byte) (length >>> 7 & 0x7f | 0x80);
        bytes[mark - 2] = (byte) (length >>> 14 & 0x7f | 0x80);
        bytes[mark - 1] = (byte) (length >>> 21);
    }

    void varint(int field, long value) {
        tag(field, VARINT);
        varint(value);
    }

    void fixed64(int field, long value) {
        tag(field, FIXED64);
        littleEndian(value, 8);
    }

    void fixed32(int field, int value) {
        tag(field, FIXED32);
        littleEndian(value, 4);
    }

    void bytes(int field, byte[] source, int from, int length) {
        lengthPrefix(field, length);
        bytes(source, from, length);
    }

    void string(int field, String value) {
        int start = size;
        if (!ascii(field, value)) {
            truncate(start);
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            bytes(field, utf8, 0, utf8.length);
        }
    }

    /** False: the text is not ASCII, and what was written is of no use. */
    boolean ascii(int field, String value) {
        int length = value.length();
        lengthPrefix(field, length);
        reserve(length);
        byte[] to = bytes;
        int at = size;
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            all |= c;
            to[at + i] = (byte) c;
        }
        size = at + length;
        return all < 0x80;
    }

    /** The start of a KeyValue whose AnyValue takes that many bytes, to follow. */
    void keyValue(int field, byte[] key, int valueSize) {
        int size = 1 + varintSize(key.length) + key.length + 1 + varintSize(valueSize) + valueSize;
        lengthPrefix(field, size);
        bytes(KEY, key, 0, key.length);
        lengthPrefix(VALUE, valueSize);
    }

    void string(int field, Slice value) {
        if (value.isAscii()) {
            bytes(field, value.bytes(), value.from(), value.length());
        } else {
            string(field, value.toString());
        }
    }

    void lengthPrefix(int field, int length) {
        tag(field, LEN);
        varint(length);
    }

    static int varintSize(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    private void tag(int field, int type) {
        varint(field << 3 | type);
    }

    private void varint(long value) {
        reserve(MAX_VARINT);
        if (value >= 0 && value < 0x80) {
            bytes[size++] = (byte) value;
            return;
        }
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void littleEndian(long value, int count) {
        reserve(Long.BYTES);
        LONG.set(bytes, size, value);
        size += count;
    }

    private void bytes(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
