package dev.spandrel.agent.protocol;

/** Bytes of text being put together. Mutable on purpose: one per use, not one per request. */
public final class Text {
    /** So few are copied eight at a time, and what comes behind them is written over: most ranges are as short, and a call takes longer. */
    private static final int SHORT = 64;

    private byte[] out = new byte[512];
    private int length;

    public Text start() {
        length = 0;
        return this;
    }

    public Text text(Slice slice) {
        return bytes(slice.bytes(), slice.from(), slice.length());
    }

    public Text text(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            append((byte) ascii.charAt(i));
        }
        return this;
    }

    public Text bytes(byte[] source, int from, int count) {
        grow(count + Long.BYTES);
        if (count <= SHORT) {
            for (int i = 0; i < count; i += Long.BYTES) Eight.set(out, length + i, Eight.at(source, from + i));
        } else {
            System.arraycopy(source, from, out, length, count);
        }
        length += count;
        return this;
    }

    public Text append(byte value) {
        grow(1);
        out[length++] = value;
        return this;
    }

    public int length() {
        return length;
    }

    public boolean endsWith(String ascii) {
        int from = length - ascii.length();
        if (from < 0) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (out[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Forgets what is behind the first {@code to} bytes. */
    public Text truncate(int to) {
        length = to;
        return this;
    }

    public Slice into(Slice slice) {
        return slice.set(out, 0, length);
    }

    private void grow(int more) {
        if (length + more > out.length) {
            byte[] larger = new byte[Math.max(out.length * 2, length + more)];
            System.arraycopy(out, 0, larger, 0, length);
            out = larger;
        }
    }
}
