package dev.spandrel.agent.protocol;

import java.util.Optional;

/** Frontend messages, protocol 3: Query, Parse, Bind, and the startup message. */
public final class Postgresql implements DatabaseProtocol {
    private static final Optional<Dialect> DIALECT = Optional.of(Dialect.POSTGRESQL);
    private static final int HEADER = 5;
    private static final int STARTUP_HEADER = 8;
    private static final String DATABASE = "database";
    private static final String USER = "user";

    private final DatabaseRequest request = new DatabaseRequest();
    private final Slice key = new Slice();
    private final Slice value = new Slice();

    private byte[] bytes = new byte[0];
    private int at;
    private int to;

    @Override
    public String system() {
        return "postgresql";
    }

    @Override
    public Optional<Dialect> dialect() {
        return DIALECT;
    }

    @Override
    public Answer read(byte[] source, int from, int end) {
        bytes = source;
        at = from;
        to = end;
        request.start();
        if (to - at < HEADER) {
            return Answer.NEED_MORE;
        }
        if (bytes[at] == 0) {
            return startup();
        }
        boolean said = false;
        while (to - at >= HEADER) {
            int type = bytes[at];
            int length = big(at + 1);
            int next = at + 1 + length;
            if (length < 4 || next < at || "QPBFDES".indexOf(type) < 0) {
                return said ? request : Answer.INVALID;
            }
            at += HEADER;
            switch (type) {
                case 'Q' -> said = text(request.statement(), next);
                case 'P' -> said = text(request.name(), next) && text(request.statement(), next);
                // Its portal, then the statement; behind a Parse it is that one's.
                case 'B' -> said |= text(value, next) && text(request.name(), next);
                case 'F' -> said = true;
                default -> {}
            }
            at = next;
        }
        return said ? request : Answer.NEED_MORE;
    }

    @Override
    public String error(int status) {
        return SqlState.text(status);
    }

    /** Pairs of names and values, and an empty name. Without a database it is the user's. */
    private Answer startup() {
        int end = Math.min(to, at + big(at));
        at += STARTUP_HEADER;
        while (at < end && text(key, end) && !key.isEmpty() && text(value, end)) {
            boolean database = key.equalsLower(DATABASE);
            if (database || (key.equalsLower(USER) && request.namespace().isEmpty())) {
                request.namespace().set(bytes, value.from(), value.to());
            }
            if (database) {
                break;
            }
        }
        return request.namespace().isEmpty() ? Answer.NEED_MORE : request;
    }

    /** What goes on to the next zero, within a message that ends at {@code end}. Cut text is taken as far as it is here. */
    private boolean text(Slice into, int end) {
        int limit = Math.min(end, to);
        if (at >= limit) {
            return false;
        }
        int zero = at;
        while (zero < limit && bytes[zero] != 0) {
            zero++;
        }
        into.set(bytes, at, zero);
        if (zero == limit && into == request.statement()) {
            request.cut();
        }
        at = zero + 1;
        return true;
    }

    private int big(int index) {
        return bytes[index] << 24
                | (bytes[index + 1] & 0xff) << 16
                | (bytes[index + 2] & 0xff) << 8
                | bytes[index + 3] & 0xff;
    }
}
