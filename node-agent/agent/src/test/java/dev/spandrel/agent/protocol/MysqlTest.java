package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MysqlTest {
    private static final int LOGIN = 0;
    private static final int QUERY = 3;
    private static final int PREPARE = 0x16;

    private final Mysql reader = new Mysql();

    @Test
    void queriesAreTheirText() {
        assertThat(read(packet("\3select 1")).statement().toString()).isEqualTo("select 1");
        assertThat(read(packet("\3\0\1select 1")).statement().toString())
                .as("with the room for attributes that newer clients make")
                .isEqualTo("select 1");
        assertThat(read(packet("\3\2\1\0\1\u00fe\0\1a\b\0\1b\2xy12345678select 1"))
                        .statement()
                        .toString())
                .as("behind attributes, a text and a long")
                .isEqualTo("select 1");
    }

    @Test
    void cutTextIsNotWhole() {
        byte[] whole = packet("\3select name from t");
        DatabaseRequest cut = (DatabaseRequest) reader.read(whole, 0, whole.length - 3);
        assertThat(cut.statement().toString()).isEqualTo("select name fro");
        assertThat(cut.isWhole()).isFalse();
        assertThat(reader.read(whole, 0, 4)).isSameAs(Answer.NEED_MORE);
    }

    @Test
    void aPreparedStatementIsSpokenOfByItsId() {
        byte[] learned = bytes("\7\0\0\0\u0016select ?");
        assertThat(reader.learn(PREPARE, learned, 0, learned.length))
                .asInstanceOf(type(DatabaseRequest.class))
                .satisfies(said -> assertThat(said.name().toString()).isEqualTo("\7\0\0\0"))
                .satisfies(said -> assertThat(said.statement().toString()).isEqualTo("select ?"));
        assertThat(read(packet("\u0017\7\0\0\0\0\1\0\0\0")).name().toString()).isEqualTo("\7\0\0\0");
    }

    @Test
    void theLatestStatementHasANameOfItsOwn() {
        String name =
                read(packet("\u0017\u00ff\u00ff\u00ff\u00ff\0\1\0\0\0")).name().toString();
        assertThat(name).isEqualTo(reader.latest().toString());
        assertThat(reader.knewName(0)).isTrue();
        assertThat(reader.knewName(1062)).isTrue();
        assertThat(reader.knewName(1243)).as("where it could not be prepared").isFalse();
    }

    @Test
    void theDatabaseIsThatOfTheLoginAndOfUse() {
        // Flags: with a database, protocol 4.1, the answer to the challenge with its length.
        String fixed = "\u0008\u0082\0\0" + "\0\0\0\1" + "!" + "\0".repeat(23);
        byte[] login = packet(fixed + "root\0\3abcshop\0mysql_native_password\0");
        assertThat(learned(LOGIN, login).namespace().toString()).isEqualTo("shop");
        byte[] without = packet("\0\u0082\0\0" + fixed.substring(4) + "root\0\3abcmysql_native_password\0");
        assertThat(learned(LOGIN, without).namespace().isEmpty()).isTrue();
        for (String use : new String[] {"use shop", "USE `shop`;", "use  shop ;"}) {
            assertThat(learned(QUERY, packet("\3" + use)).namespace().toString().strip())
                    .isEqualTo("shop");
        }
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextBoolean()) {
                bytes[4] = (byte) QUERY;
            }
            Answer answer = reader.read(bytes, 0, bytes.length);
            if (answer instanceof DatabaseRequest said) {
                assertThat(said.statement().to()).isLessThanOrEqualTo(bytes.length);
            }
            for (int kind : new int[] {LOGIN, 2, QUERY, 0x11, PREPARE}) {
                reader.learn(kind, bytes, 0, bytes.length);
            }
        }
    }

    private DatabaseRequest read(byte[] packet) {
        return (DatabaseRequest) reader.read(packet, 0, packet.length);
    }

    private DatabaseRequest learned(int kind, byte[] packet) {
        return (DatabaseRequest) reader.learn(kind, packet, 0, packet.length);
    }

    private static byte[] packet(String payload) {
        byte[] content = bytes(payload);
        byte[] packet = Arrays.copyOf(new byte[] {(byte) content.length, 0, 0, 0}, content.length + 4);
        System.arraycopy(content, 0, packet, 4, content.length);
        return packet;
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }
}
