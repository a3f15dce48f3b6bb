package dev.spandrel.agent.protocol;

import java.util.Optional;

/** Envelopes of CQL's native protocol, versions 3 to 5. Values that are bound to a statement are passed over. */
public final class Cassandra implements DatabaseProtocol {
    private static final Optional<Dialect> CQL = Optional.of(Dialect.CQL);

    private static final int QUERY = 7;
    private static final int PREPARE = 9;
    private static final int EXECUTE = 10;
    /** Names of other opcodes that clients send; of a statement its text says what it does. */
    private static final String[] OPERATIONS = {
        "", "STARTUP", "", "", "", "OPTIONS", "", "", "", "PREPARE", "", "REGISTER", "", "BATCH", "", "AUTH_RESPONSE"
    };

    private static final int COMPRESSED = 1;
    private static final int PAYLOAD = 4;
    /** Kinds of results. */
    private static final int KEYSPACE = 3;

    private static final int PREPARED = 4;
    private static final int ANSWER_BYTES = 32;
    private static final int UNREADABLE = 1 << 17;

    private final DatabaseRequest request = new DatabaseRequest();
    private final Cursor in = new Cursor();
    private final Slice passed = new Slice();
    private final byte[][] names = new byte[OPERATIONS.length][];

    public Cassandra() {
        for (int i = 0; i < names.length; i++) {
            names[i] = OPERATIONS[i].getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    @Override
    public String system() {
        return "cassandra";
    }

    @Override
    public Optional<Dialect> dialect() {
        return CQL;
    }

    @Override
    public boolean sharesNames() {
        return true;
    }

    @Override
    public String operation(int method) {
        return method >= 0 && method < OPERATIONS.length ? OPERATIONS[method] : "";
    }

    @Override
    public Answer read(byte[] bytes, int from, int to) {
        request.start();
        return envelope(bytes, from, to);
    }

    /** A keyspace that was chosen, or the beginning of an answer, with a statement's name, and the envelope that had it prepared. */
    @Override
    public Answer learn(int kind, byte[] bytes, int from, int to) {
        request.start();
        in.set(bytes, from, kind == PREPARED ? Math.min(to, from + ANSWER_BYTES) : to);
        switch (kind) {
            case KEYSPACE -> {
                string(request.namespace());
                return in.isShort() ? Answer.NEED_MORE : request;
            }
            case PREPARED -> {
                string(request.name());
                if (in.isShort()) {
                    return Answer.NEED_MORE;
                }
                return envelope(bytes, from + ANSWER_BYTES, to);
            }
            default -> {
                return Answer.INVALID;
            }
        }
    }

    @Override
    public String error(int status) {
        return (status & UNREADABLE) != 0 ? "_OTHER" : Integer.toString(status & 0xffff);
    }

    private Answer envelope(byte[] bytes, int from, int to) {
        in.set(bytes, from, to);
        int version = in.u8();
        int flags = in.u8();
        in.skip(2);
        int opcode = in.u8();
        in.skip(4);
        if (in.isShort()) {
            return Answer.NEED_MORE;
        }
        if (version < 3 || version > 5 || opcode >= OPERATIONS.length) {
            return Answer.INVALID;
        }
        request.operation().set(names[opcode], 0, names[opcode].length);
        if ((flags & COMPRESSED) != 0) {
            return request;
        }
        if ((flags & PAYLOAD) != 0) {
            payload();
        }
        switch (opcode) {
            case QUERY, PREPARE -> {
                int length = in.i32();
                in.take(request.statement(), length);
                if (in.isShort()) {
                    request.cut();
                }
            }
            case EXECUTE -> string(request.name());
            default -> {}
        }
        return request;
    }

    /** What drivers add for servers that know it. */
    private void payload() {
        for (int i = in.i16() & 0xffff; i > 0 && !in.isShort(); i--) {
            string(passed);
            int length = in.i32();
            in.skip(Math.max(0, length));
        }
    }

    private void string(Slice into) {
        in.take(into, in.i16() & 0xffff);
    }
}
