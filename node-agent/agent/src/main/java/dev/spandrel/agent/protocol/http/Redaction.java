package dev.spandrel.agent.protocol.http;

/** Takes values out of query strings: {@code a=1&b=2} becomes {@code a=REDACTED&b=REDACTED}. Keys are kept. */
public final class Redaction {
    private static final byte[] REDACTED = {'R', 'E', 'D', 'A', 'C', 'T', 'E', 'D'};

    private byte[] out = new byte[512];
    private int length;

    /** Appends to what is there since {@link #start}; answers this. */
    public Redaction query(Slice query) {
        boolean inValue = false;
        for (int i = query.from(); i < query.to(); i++) {
            byte c = query.bytes()[i];
            if (c == '&' || c == ';') {
                inValue = false;
            } else if (inValue) {
                continue;
            }
            append(c);
            if (c == '=') {
                inValue = true;
                append(REDACTED, 0, REDACTED.length);
            }
        }
        return this;
    }

    public Redaction start() {
        length = 0;
        return this;
    }

    public Redaction text(Slice slice) {
        append(slice.bytes(), slice.from(), slice.length());
        return this;
    }

    public Redaction text(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            append((byte) ascii.charAt(i));
        }
        return this;
    }

    public Slice into(Slice slice) {
        return slice.set(out, 0, length);
    }

    private void append(byte value) {
        grow(1);
        out[length++] = value;
    }

    private void append(byte[] source, int from, int count) {
        grow(count);
        System.arraycopy(source, from, out, length, count);
        length += count;
    }

    private void grow(int more) {
        if (length + more > out.length) {
            byte[] larger = new byte[Math.max(out.length * 2, length + more)];
            System.arraycopy(out, 0, larger, 0, length);
            out = larger;
        }
    }
}
