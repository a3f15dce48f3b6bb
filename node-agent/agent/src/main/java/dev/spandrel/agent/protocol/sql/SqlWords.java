package dev.spandrel.agent.protocol.sql;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What a word may mean, in any case of its letters: bits, found by two loads and one look-up. */
final class SqlWords {
    static final int SELECT = 1;
    /** Begins a statement, or a part of one in parentheses or behind such. */
    static final int OPERATION = 1 << 1;
    /** A name comes next. */
    static final int NAMING = 1 << 2;

    static final int DEFINING = 1 << 3;
    /** What can be defined. */
    static final int OBJECT = 1 << 4;
    /** May stand before the name. */
    static final int PASSED_OVER = 1 << 5;
    /** Ends a list of names. */
    static final int CLAUSE = 1 << 6;

    static final int FROM = 1 << 7;
    /** JOIN and INTO. */
    static final int LEADING = 1 << 8;

    static final int WITH = 1 << 9;
    static final int DELETE = 1 << 10;
    /** Another operation may follow at once. */
    static final int EXPLAINING = 1 << 11;

    private static final int LONGEST = 12;
    private static final int SLOTS = 256;
    /** Of eight letters at once. Letters and the underscore are the only bytes of words that become capitals, or stay. */
    private static final long CAPITALS = 0xdfdfdfdfdfdfdfdfL;

    private static final long SPREAD = 0x9e3779b97f4a7c15L;
    private static final VarHandle LETTERS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long[] FIRST = new long[SLOTS];
    private static final long[] REST = new long[SLOTS];
    private static final int[] MEANING = new int[SLOTS];

    static {
        add(SELECT, "SELECT");
        add(OPERATION | NAMING, "INSERT", "UPDATE", "REPLACE", "COPY", "CALL", "EXECUTE", "PREPARE", "DEALLOCATE");
        add(OPERATION, "MERGE");
        add(OPERATION | DELETE, "DELETE");
        add(OPERATION | EXPLAINING, "EXPLAIN");
        add(OPERATION | EXPLAINING | NAMING, "ANALYZE");
        add(OPERATION | DEFINING, "CREATE", "ALTER", "DROP");
        add(OPERATION | DEFINING | NAMING, "TRUNCATE");
        add(OBJECT, "VIEW", "INDEX", "SEQUENCE", "SCHEMA", "DATABASE", "FUNCTION", "PROCEDURE", "TRIGGER", "KEYSPACE");
        add(OBJECT | PASSED_OVER, "TABLE");
        add(PASSED_OVER, "ONLY", "LATERAL", "IF", "NOT", "EXISTS", "CONCURRENTLY", "LOW_PRIORITY", "IGNORE");
        add(PASSED_OVER | LEADING, "INTO");
        add(LEADING, "JOIN");
        add(CLAUSE, "WHERE", "GROUP", "ORDER", "SET", "LIMIT", "UNION", "HAVING", "RETURNING", "VALUES");
        add(FROM, "FROM");
        add(WITH, "WITH");
    }

    private SqlWords() {}

    private static void add(int meaning, String... words) {
        for (var word : words) {
            byte[] letters = word.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            long first = letters(letters, 0, Math.min(8, letters.length));
            long rest = letters.length > 8 ? letters(letters, 8, letters.length) : 0;
            int slot = slot(first, rest);
            while (MEANING[slot] != 0) slot = slot + 1 & SLOTS - 1;
            FIRST[slot] = first;
            REST[slot] = rest;
            MEANING[slot] = meaning;
        }
    }

    /** 0: a name. */
    static int of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > LONGEST || length < 2) {
            return 0;
        }
        long first = letters(bytes, from, Math.min(from + 8, to));
        long rest = length > 8 ? letters(bytes, from + 8, to) : 0;
        for (int slot = slot(first, rest); MEANING[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            if (FIRST[slot] == first && REST[slot] == rest) {
                return MEANING[slot];
            }
        }
        return 0;
    }

    private static int slot(long first, long rest) {
        return (int) ((first ^ rest << 7) * SPREAD >>> 56);
    }

    /** At most eight. */
    private static long letters(byte[] bytes, int from, int to) {
        int length = to - from;
        if (from + 8 <= bytes.length) {
            return (long) LETTERS.get(bytes, from) & CAPITALS & -1L >>> 64 - 8 * length;
        }
        long letters = 0;
        for (int i = 0; i < length; i++) {
            letters |= (bytes[from + i] & 0xdfL) << 8 * i;
        }
        return letters;
    }
}
