package dev.spandrel.agent.protocol.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTextTest {
    private final SqlText sql = new SqlText();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            select 1 | select ? | SELECT
            SELECT * FROM orders WHERE id = 42 | SELECT * FROM orders WHERE id = ? | SELECT orders
            select a.x from shop.orders a, "Line Items" as b where b.y='it''s' | select a.x from shop.orders a, "Line Items" as b where b.y=? | SELECT shop.orders "Line Items"
            SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.c WHERE o.t > now() - interval '5 min' | SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.c WHERE o.t > now() - interval ? | SELECT orders customers
            INSERT INTO t(a,b) VALUES (1,'s3cr3t'), (2, 'x') | INSERT INTO t(a,b) VALUES (?) | INSERT t
            insert into shipped select * from orders where id in (1, 2, 3) | insert into shipped select * from orders where id in (?) | INSERT shipped SELECT orders
            UPDATE accounts SET balance = balance - 10.5e-3 WHERE id = $1 | UPDATE accounts SET balance = balance - ? WHERE id = $1 | UPDATE accounts
            DELETE FROM only_this WHERE a = E'\\'; DROP' AND b = B'01' | DELETE FROM only_this WHERE a = ? AND b = ? | DELETE only_this
            select $$secret$$, $x$ sec$ret $x$, $1 from t -- secret | select ?, $1 from t | SELECT t
            /* secret */ BEGIN; select 5; commit | BEGIN; select ?; commit | BEGIN SELECT COMMIT
            WITH top AS (SELECT c FROM sales WHERE y = 2024) SELECT * FROM top FOR UPDATE | WITH top AS (SELECT c FROM sales WHERE y = ?) SELECT * FROM top FOR UPDATE | SELECT sales SELECT top
            CREATE TABLE IF NOT EXISTS public.users (id int) | CREATE TABLE IF NOT EXISTS public.users (id int) | CREATE TABLE public.users
            CREATE UNIQUE INDEX CONCURRENTLY i ON t(a) | CREATE UNIQUE INDEX CONCURRENTLY i ON t(a) | CREATE INDEX i
            COPY t (a) FROM STDIN | COPY t (a) FROM STDIN | COPY t
            select extract(epoch from ts) from events | select extract(epoch from ts) from events | SELECT events
            SELECT (SELECT max(x) FROM a) FROM b | SELECT (SELECT max(x) FROM a) FROM b | SELECT SELECT a b
            SELECT 1 FROM t WHERE a IS DISTINCT FROM b | SELECT ? FROM t WHERE a IS DISTINCT FROM b | SELECT t
            SELECT x::int, 'a'::text FROM t LIMIT 5 | SELECT x::int, ?::text FROM t LIMIT ? | SELECT t
            INSERT INTO t VALUES ($1) ON CONFLICT DO UPDATE SET a = 1 | INSERT INTO t VALUES ($1) ON CONFLICT DO UPDATE SET a = ? | INSERT t
            SET search_path = 'secret' | SET search_path = ? | SET
            EXPLAIN ANALYZE UPDATE t SET a = 1 | EXPLAIN ANALYZE UPDATE t SET a = ? | EXPLAIN ANALYZE UPDATE t
            CALL pay(7) | CALL pay(?) | CALL pay
            TRUNCATE TABLE a | TRUNCATE TABLE a | TRUNCATE TABLE a
            VALUES (1, 'x') | VALUES (?) | VALUES
            select 'unclosed secret | select ? | SELECT
            select $t$ unclosed secret | select ? | SELECT
            """)
    void statements(String statement, String sanitized, String summary) {
        sql.read(slice(statement), Dialect.POSTGRESQL);
        assertThat(sql.sanitized()).hasToString(sanitized);
        assertThat(sql.summary()).hasToString(summary);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT name FROM "Shop".things WHERE id = 123e4567-e89b-12d3-a456-426614174000 | SELECT name FROM "Shop".things WHERE id = ? | SELECT "Shop".things
            SELECT name FROM faced WHERE id = faceface-e89b-12d3-a456-426614174000 AND deadbeef = 1 | SELECT name FROM faced WHERE id = ? AND deadbeef = ? | SELECT faced
            INSERT INTO t (a, b) VALUES (0xCAFE, {'a': 12h30m}) USING TTL 86400 // secret | INSERT INTO t (a, b) VALUES (?, {?: ?}) USING TTL ? | INSERT t
            UPDATE t SET d = P1Y2M3DT4H, e = $$it's secret$$ WHERE p1 = 1 AND pt = 2 AND p = ? | UPDATE t SET d = ?, e = ? WHERE p1 = ? AND pt = ? AND p = ? | UPDATE t
            CREATE KEYSPACE IF NOT EXISTS k WITH replication = {'class': 'x'} | CREATE KEYSPACE IF NOT EXISTS k WITH replication = {?: ?} | CREATE KEYSPACE k
            SELECT a FROM t WHERE id = 123e4567-e89b-12d3-a4 | SELECT a FROM t WHERE id = ? | SELECT t
            """)
    void cql(String statement, String sanitized, String summary) {
        sql.read(slice(statement), Dialect.CQL);
        assertThat(sql.sanitized()).hasToString(sanitized);
        assertThat(sql.summary()).hasToString(summary);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            select "secret", 'a\\'secret' from `my table` # secret | select ? from `my table` | SELECT `my table`
            INSERT IGNORE INTO t VALUES (_utf8'secret', x'00ff', 0x1F) | INSERT IGNORE INTO t VALUES (?) | INSERT t
            REPLACE INTO t SET a = "b" | REPLACE INTO t SET a = ? | REPLACE t
            SELECT @v, a FROM t | SELECT @v, a FROM t | SELECT t
            """)
    void mysql(String statement, String sanitized, String summary) {
        sql.read(slice(statement), Dialect.MYSQL);
        assertThat(sql.sanitized()).hasToString(sanitized);
        assertThat(sql.summary()).hasToString(summary);
    }

    @Test
    void whereverItIsCutNoPartOfALiteralIsShown() {
        String statement =
                "select E'\\'s3cr3t', $x$s3cr3t$y$s3cr3t$x$, 's3''cr3t', 8675309 /* s3cr3t */ from t -- s3cr3t";
        for (Dialect dialect : Dialect.values()) {
            for (int i = 0; i <= statement.length(); i++) {
                if (dialect == Dialect.MYSQL && i > 17) break; // dollars quote nothing there
                String shown = sql.read(slice(statement.substring(0, i)), dialect)
                        .sanitized()
                        .toString();
                assertThat(shown).doesNotContain("s3").doesNotContain("cr3t").doesNotContain("86");
            }
        }
    }

    @Test
    void anyBytesNeverThrow() {
        Random random = new Random(11);
        String alphabet = "select from,.;()'\"`$a1?-/*#\\E:@\u00e9\n";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            sql.read(slice(text.toString()), Dialect.values()[i & 1]);
            assertThat(sql.summary().length()).isBetween(0, 255);
        }
    }

    /** Of pieces that meet in all orders, so that literals, names and comments stand side by side, are cut, and come again with other literals. */
    @Test
    void whatIsSaidIsWhatItsTokensSay() {
        Random random = new Random(12);
        String[] pieces = {
            " ",
            " ",
            " ",
            "  ",
            "\t",
            "select",
            "from",
            "join",
            "into",
            "delete",
            "with",
            "where",
            "fromage",
            "values",
            "limit",
            "set ",
            "only",
            "items",
            "a_name",
            "utf8",
            "_utf8",
            "x",
            "E",
            "$",
            "$1",
            "$t$",
            "?",
            "@",
            ":",
            "::",
            ".",
            ",",
            ", ",
            "(",
            ")",
            "(1), (2)",
            "(?),(?)",
            ";",
            "=",
            "'",
            "''",
            "'it'",
            "\"",
            "\"b\"",
            "`",
            "\\",
            "#",
            "-",
            "--",
            "/*",
            "*/",
            "/",
            "\n",
            "7",
            "0x1f",
            "1.5e-3",
            "123e4567-e89b-12d3-a456-426614174000",
            "deadbeef-",
            "P1Y",
            "12h30m",
            "\u00e9",
            "a$b",
            "a_very_long_name_of_a_column_1"
        };
        for (int i = 0; i < 300_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = ("#" + text + "select").getBytes(StandardCharsets.UTF_8);
            Slice statement = new Slice().set(bytes, 1, bytes.length - 6);
            Dialect dialect = Dialect.values()[i % 3];
            var expected = SqlByTokens.of(statement, dialect);
            sql.read(statement, dialect);
            assertThat(latin(sql.sanitized())).as(text.toString()).isEqualTo(expected.sanitized());
            assertThat(latin(sql.summary())).as(text.toString()).isEqualTo(latin(expected.summary()));
        }
    }

    private static String latin(Slice slice) {
        return new String(slice.bytes(), slice.from(), slice.length(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aSummaryEndsBeforeItIsTooLong() {
        String statement = "select * from " + "a_rather_long_table_name, ".repeat(40) + "b";
        assertThat(sql.read(slice(statement), Dialect.POSTGRESQL).summary().toString())
                .hasSizeLessThanOrEqualTo(255)
                .endsWith("a_rather_long_table_name");
    }

    private static Slice slice(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Slice().set(bytes, 0, bytes.length);
    }
}
