package dev.spandrel.agent.protocol.http;

import dev.spandrel.agent.protocol.Slice;

/** Host and port of a Host header or an authority: {@code name}, {@code name:port}, {@code [v6]:port}. */
public final class Authority {
    private static final int MAX_PORT = 65535;

    private final Slice host = new Slice();
    private int port;

    /** Without brackets. */
    public Slice host() {
        return host;
    }

    /** 0: not given, or not a port. */
    public int port() {
        return port;
    }

    public Authority parse(Slice text) {
        int from = text.from();
        int to = text.to();
        byte[] bytes = text.bytes();
        int colon = -1;
        int close = -1;
        for (int i = from; i < to; i++) {
            if (bytes[i] == ']') {
                close = i;
                colon = -1;
            } else if (bytes[i] == ':' && colon < 0) {
                colon = i;
            }
        }
        boolean bracketed = from < to && bytes[from] == '[' && close > from;
        port = colon < 0 ? 0 : number(bytes, colon + 1, to);
        if (bracketed) {
            host.set(bytes, from + 1, close);
        } else {
            host.set(bytes, from, colon < 0 ? to : colon);
        }
        return this;
    }

    private static int number(byte[] bytes, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9' || value > MAX_PORT) {
                return 0;
            }
            value = value * 10 + bytes[i] - '0';
        }
        return value > MAX_PORT ? 0 : value;
    }
}
