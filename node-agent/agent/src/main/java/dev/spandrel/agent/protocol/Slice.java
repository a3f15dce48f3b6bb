package dev.spandrel.agent.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A range of bytes that belong to someone else. Mutable on purpose: one per use, not one per request. */
public final class Slice {
    private byte[] bytes = new byte[0];
    private int from;
    private int to;

    public Slice set(byte[] source, int start, int end) {
        bytes = source;
        from = start;
        to = Math.max(start, end);
        return this;
    }

    public Slice clear() {
        from = 0;
        to = 0;
        return this;
    }

    public Slice set(Slice other) {
        return set(other.bytes, other.from, other.to);
    }

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public int length() {
        return to - from;
    }

    public boolean isEmpty() {
        return to == from;
    }

    public int at(int index) {
        return bytes[from + index];
    }

    /** Index of the first such byte at or after {@code start}, relative to this slice; -1 if there is none. */
    public int indexOf(char wanted, int start) {
        int found = Eight.find(bytes, from + start, to, wanted);
        return found < to ? found - from : -1;
    }

    public boolean isAscii() {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes equal the lower-case text when their own upper-case letters are lowered. */
    public boolean equalsLower(String lower) {
        if (lower.length() != length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            int c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c | 32 : c) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes are this ASCII text. */
    public boolean is(String ascii) {
        if (ascii.length() != length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public boolean is(Slice other) {
        return Arrays.equals(bytes, from, to, other.bytes, other.from, other.to);
    }

    /** Without spaces and tabs at both ends. */
    public Slice trim() {
        while (from < to && (bytes[from] == ' ' || bytes[from] == '\t')) {
            from++;
        }
        while (to > from && (bytes[to - 1] == ' ' || bytes[to - 1] == '\t' || bytes[to - 1] == '\r')) {
            to--;
        }
        return this;
    }

    /** As UTF-8; what is not UTF-8 becomes the replacement character. */
    @Override
    public String toString() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
