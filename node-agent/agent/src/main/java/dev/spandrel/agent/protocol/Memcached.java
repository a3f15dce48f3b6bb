package dev.spandrel.agent.protocol;

import java.util.Arrays;

/** Commands of Memcached, by their names: of keys and values nothing is said. */
public final class Memcached implements DatabaseProtocol {
    /** {@code enum sp_memcached_command}. */
    private static final String[] COMMANDS =
            (" get gets gat gats set add replace append prepend cas delete incr decr touch stats flush_all version"
                            + " verbosity mg ms md ma me mn")
                    .split(" ");

    private static final Words WORDS = new Words(Arrays.copyOfRange(COMMANDS, 1, COMMANDS.length));

    private static final String[] ERRORS = {"_OTHER", "ERROR", "CLIENT_ERROR", "SERVER_ERROR"};

    /** Of which nothing but the operation is ever said. */
    private final DatabaseRequest request = new DatabaseRequest().start();

    @Override
    public String system() {
        return "memcached";
    }

    @Override
    public String operation(int method) {
        return method > 0 && method < COMMANDS.length ? COMMANDS[method] : "";
    }

    /** The line's first word. */
    @Override
    public Answer read(byte[] bytes, int from, int to) {
        int end = Eight.wordEnd(bytes, from, to);
        if (WORDS.find(bytes, from, end) >= 0) {
            request.operation().set(bytes, from, end);
            return request;
        }
        return end < to ? Answer.INVALID : Answer.NEED_MORE;
    }

    @Override
    public String error(int status) {
        return ERRORS[status > 0 && status < ERRORS.length ? status : 0];
    }
}
