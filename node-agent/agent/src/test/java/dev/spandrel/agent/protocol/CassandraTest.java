package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CassandraTest {
    private static final byte[] ID = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Cassandra reader = new Cassandra();

    @Test
    void aQueryAndWhereItIsCut() {
        byte[] query = envelope(4, 0, 7, text("select 1"));
        assertThat(said(query).statement()).hasToString("select 1");
        assertThat(said(query).isWhole()).isTrue();
        assertThat(said(Arrays.copyOf(query, query.length - 3)).statement()).hasToString("selec");
        assertThat(said(Arrays.copyOf(query, query.length - 3)).isWhole()).isFalse();
    }

    @Test
    void whatWasPreparedHasTheNameThatTheAnswerGave() {
        byte[] answer = Arrays.copyOf(bytes((short) 16, ID), 32);
        byte[] learned = concat(answer, envelope(5, 0, 9, text("select ?")));
        assertThat(reader.learn(4, learned, 0, learned.length))
                .isInstanceOfSatisfying(DatabaseRequest.class, request -> {
                    assertThat(request.name()).hasToString("0123456789abcdef");
                    assertThat(request.statement()).hasToString("select ?");
                });
        assertThat(said(envelope(5, 0, 10, bytes((short) 16, ID))).name()).hasToString("0123456789abcdef");
    }

    @Test
    void aKeyspace() {
        byte[] keyspace = bytes((short) 4, "shop".getBytes(StandardCharsets.US_ASCII));
        assertThat(reader.learn(3, keyspace, 0, keyspace.length))
                .isInstanceOfSatisfying(
                        DatabaseRequest.class,
                        request -> assertThat(request.namespace()).hasToString("shop"));
    }

    @Test
    void whatDriversAddIsPassedOver() {
        byte[] added = concat(new byte[] {0, 1, 0, 1, 'k', 0, 0, 0, 3, 1, 2, 3}, text("select 2"));
        assertThat(said(envelope(4, 4, 7, added)).statement()).hasToString("select 2");
    }

    @Test
    void whatIsCompressedHasNoText() {
        assertThat(said(envelope(4, 1, 7, text("select 1"))).statement().isEmpty())
                .isTrue();
    }

    @Test
    void errorsAreNumbers() {
        assertThat(reader.error(1 << 16 | 0x2200)).isEqualTo("8704");
        assertThat(reader.error(1 << 16)).isEqualTo("0");
        assertThat(reader.error(3 << 16)).isEqualTo("_OTHER");
    }

    @Test
    void anyBytesAreAnswered() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 5 && random.nextBoolean()) {
                bytes[0] = 4;
                bytes[4] = (byte) random.nextInt(18);
            }
            assertThat(reader.read(bytes, 0, bytes.length)).isNotNull();
            assertThat(reader.learn(random.nextInt(6), bytes, 0, bytes.length)).isNotNull();
        }
    }

    private DatabaseRequest said(byte[] bytes) {
        return (DatabaseRequest) reader.read(bytes, 0, bytes.length);
    }

    private static byte[] envelope(int version, int flags, int opcode, byte[] body) {
        byte[] header = {(byte) version, (byte) flags, 0, 1, (byte) opcode};
        return concat(concat(header, ByteBuffer.allocate(4).putInt(body.length).array()), body);
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return concat(ByteBuffer.allocate(4).putInt(bytes.length).array(), bytes);
    }

    private static byte[] bytes(short length, byte[] bytes) {
        return concat(ByteBuffer.allocate(2).putShort(length).array(), bytes);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
