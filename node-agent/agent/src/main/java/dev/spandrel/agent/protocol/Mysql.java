package dev.spandrel.agent.protocol;

import java.util.Optional;

/** Commands of MySQL and MariaDB, and what the client says when it logs in. */
public final class Mysql implements DatabaseProtocol {
    private static final int HEADER = 4;
    private static final int MARIADB = 1;
    private static final int LOGIN = 0;
    private static final int INIT_DB = 0x02;
    private static final int QUERY = 0x03;
    private static final int CHANGE_USER = 0x11;
    private static final int PREPARE = 0x16;
    private static final int EXECUTE = 0x17;
    private static final int BULK_EXECUTE = 0xfa;

    private static final int CONNECT_WITH_DB = 1 << 3;
    private static final int PROTOCOL_41 = 1 << 9;
    private static final int SECURE_CONNECTION = 1 << 15;
    private static final int PLUGIN_AUTH_LENENC = 1 << 21;
    /** Flags, longest packet, character set, and what is reserved. */
    private static final int LOGIN_FIXED = 32;

    private static final Optional<Dialect> MYSQL = Optional.of(Dialect.MYSQL);

    /** ER_UNKNOWN_STMT_HANDLER */
    private static final int UNKNOWN_STATEMENT = 1243;

    /** MariaDB: a client may run what it prepares before it knows the id. */
    private final Slice latest = new Slice().set(new byte[] {-1, -1, -1, -1}, 0, 4);

    private final DatabaseRequest request = new DatabaseRequest();

    private byte[] bytes = new byte[0];
    private int at;
    private int to;

    @Override
    public String system() {
        return "mysql";
    }

    @Override
    public String system(int variant) {
        return variant == MARIADB ? "mariadb" : system();
    }

    @Override
    public Optional<Dialect> dialect() {
        return MYSQL;
    }

    @Override
    public Answer read(byte[] source, int from, int end) {
        start(source, from, end);
        if (to - at <= HEADER) {
            return Answer.NEED_MORE;
        }
        int next = at + HEADER + (int) little(at, 3);
        at += HEADER;
        switch (bytes[at++] & 0xff) {
            case QUERY -> {
                attributes(next);
                text(request.statement(), next);
            }
            case PREPARE -> text(request.statement(), next);
            case EXECUTE, BULK_EXECUTE -> id();
            case 0, 1 -> {
                return Answer.INVALID;
            }
            default -> {}
        }
        return request;
    }

    /** What was logged in to, a statement with its id in the place of the header, or a command that chose a database. */
    @Override
    public Answer learn(int kind, byte[] source, int from, int end) {
        start(source, from, end);
        if (to - at <= HEADER) {
            return Answer.NEED_MORE;
        }
        switch (kind) {
            case LOGIN -> login();
            case PREPARE -> {
                request.name().set(bytes, at, at + HEADER);
                at += HEADER + 1;
                text(request.statement(), to);
            }
            case INIT_DB -> {
                at += HEADER + 1;
                request.namespace().set(bytes, at, to);
            }
            case QUERY -> use();
            case CHANGE_USER -> {
                at += HEADER + 1;
                zero();
                skip(1 + byteAt(at));
                request.namespace().set(bytes, at, zero());
            }
            default -> {
                return Answer.INVALID;
            }
        }
        return request;
    }

    @Override
    public Slice latest() {
        return latest;
    }

    @Override
    public boolean knewName(int status) {
        return status != UNKNOWN_STATEMENT;
    }

    @Override
    public String error(int status) {
        return Integer.toString(status);
    }

    @Override
    public String sqlState(int rows) {
        return rows == 0 ? "" : SqlState.text(rows);
    }

    private void start(byte[] source, int from, int end) {
        bytes = source;
        at = from;
        to = end;
        request.start();
    }

    private void id() {
        if (to - at >= HEADER) {
            request.name().set(bytes, at, at + HEADER);
        }
    }

    private void login() {
        at += HEADER;
        int flags = (int) little(at, 4);
        if ((flags & PROTOCOL_41) == 0 || (flags & CONNECT_WITH_DB) == 0) {
            return;
        }
        skip(LOGIN_FIXED);
        zero();
        if ((flags & PLUGIN_AUTH_LENENC) != 0) {
            skip((int) Math.min(number(), to - at));
        } else if ((flags & SECURE_CONNECTION) != 0) {
            skip(1 + byteAt(at));
        } else {
            zero();
        }
        int from = at;
        int zero = zero();
        if (zero < to) {
            request.namespace().set(bytes, from, zero);
        }
    }

    /** USE `name`; */
    private void use() {
        at += HEADER + 1 + "use ".length();
        Slice name = request.namespace().set(bytes, Math.min(at, to), to).trim();
        int length = name.length();
        if (length > 0 && name.at(length - 1) == ';') {
            length--;
        }
        boolean quoted = length > 1 && name.at(0) == '`' && name.at(length - 1) == '`';
        int edge = quoted ? 1 : 0;
        name.set(bytes, name.from() + edge, name.from() + length - edge);
    }

    /** Of a query, before its text: how many there are, and 1. No statement begins with such a byte. Their values are passed over. */
    private void attributes(int end) {
        int limit = Math.min(end, to);
        if (to - at < 2 || byteAt(at) > 0xfa || byteAt(at) >= ' ' || byteAt(at + 1) != 1) {
            return;
        }
        int count = (int) number();
        skip(1);
        if (count == 0) {
            return;
        }
        int nulls = at;
        skip((count + 7) / 8 + 1);
        int types = at;
        for (int i = 0; i < count && at < limit; i++) {
            skip(2);
            skip((int) Math.min(number(), to - at));
        }
        int type = types;
        for (int i = 0; i < count && at < limit; i++) {
            boolean isNull = (byteAt(nulls + i / 8) >> i % 8 & 1) != 0;
            int code = byteAt(type);
            int values = at;
            at = type + 2;
            skip((int) Math.min(number(), to - at));
            type = at;
            at = values;
            if (!isNull) {
                value(code);
            }
        }
    }

    /** A value of a type, in the binary protocol. */
    private void value(int type) {
        switch (type) {
            case 1 -> skip(1);
            case 2, 13 -> skip(2);
            case 3, 4, 9 -> skip(4);
            case 5, 8 -> skip(8);
            case 6 -> {}
            case 7, 10, 11, 12 -> skip(1 + byteAt(at));
            default -> skip((int) Math.min(number(), to - at));
        }
    }

    private void text(Slice into, int end) {
        int limit = Math.min(end, to);
        into.set(bytes, Math.min(at, limit), limit);
        if (limit < end) {
            request.cut();
        }
    }

    /** Moves behind the next zero, and answers where it is; the end, if there is none. */
    private int zero() {
        while (at < to && bytes[at] != 0) {
            at++;
        }
        int zero = Math.min(at, to);
        at = Math.min(to, at + 1);
        return zero;
    }

    private void skip(int count) {
        at = count < 0 || count > to - at ? to : at + count;
    }

    /** A number of one to nine bytes; none is negative. */
    private long number() {
        int first = byteAt(at);
        skip(1);
        int size = first < 0xfb ? 0 : first == 0xfc ? 2 : first == 0xfd ? 3 : 8;
        long value = size == 0 ? first : little(at, size);
        skip(size);
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    private long little(int index, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (long) byteAt(index + i) << 8 * i;
        }
        return value;
    }

    private int byteAt(int index) {
        return index >= 0 && index < to ? bytes[index] & 0xff : 0;
    }
}
