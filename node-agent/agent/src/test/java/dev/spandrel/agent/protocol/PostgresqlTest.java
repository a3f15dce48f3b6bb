package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PostgresqlTest {
    private final Postgresql reader = new Postgresql();

    @Test
    void aQuery() {
        DatabaseRequest request = said(message('Q', "select 1\0"));
        assertThat(request.statement()).hasToString("select 1");
        assertThat(request.isWhole()).isTrue();
    }

    @Test
    void aParseAndItsBind() {
        DatabaseRequest request =
                said(message('P', "S_1\0select $1\0\0\0"), message('D', "SS_1\0"), message('B', "\0S_1\0secret"));
        assertThat(request.name()).hasToString("S_1");
        assertThat(request.statement()).hasToString("select $1");
    }

    @Test
    void aBindAlone() {
        DatabaseRequest request = said(message('B', "portal\0S_1\0secret"), message('E', "\0\0\0\0\0"));
        assertThat(request.name()).hasToString("S_1");
        assertThat(request.statement().isEmpty()).isTrue();
    }

    @Test
    void theDatabaseOfAConnection() {
        assertThat(said(startup("user\0me\0database\0shop\0\0")).namespace()).hasToString("shop");
        assertThat(said(startup("user\0me\0client_encoding\0UTF8\0\0")).namespace())
                .hasToString("me");
    }

    @Test
    void cutAnywhereItSaysWhatIsThere() {
        byte[] whole = join(message('P', "S_1\0select something\0\0\0"), message('B', "\0S_1\0"));
        for (int length = 0; length < whole.length; length++) {
            Answer answer = reader.read(whole, 0, length);
            if (length <= 9) {
                assertThat(answer).as("%d bytes", length).isSameAs(Answer.NEED_MORE);
            } else {
                assertThat(answer).isInstanceOf(DatabaseRequest.class);
                DatabaseRequest request = (DatabaseRequest) answer;
                assertThat("select something").startsWith(request.statement().toString());
                assertThat(request.isWhole()).isEqualTo(length >= 26);
            }
        }
    }

    @Test
    void whatIsNoneIsInvalid() {
        assertThat(reader.read("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII), 0, 14))
                .isSameAs(Answer.INVALID);
        assertThat(reader.read(new byte[] {'Q', -1, -1, -1, -1, 0}, 0, 6)).isSameAs(Answer.INVALID);
    }

    @Test
    void anyBytesNeverThrow() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 5) {
                bytes[0] = (byte) "QPBFDES\0".charAt(random.nextInt(8));
                Arrays.fill(bytes, 1, 4, (byte) 0);
            }
            assertThat(reader.read(bytes, 0, bytes.length)).isNotNull();
        }
    }

    @Test
    void anErrorIsWrittenAsItsFiveCharacters() {
        int packed = 0;
        for (char c : "42P01".toCharArray()) {
            packed = packed << 6 | c - '0';
        }
        assertThat(reader.error(packed)).isEqualTo("42P01");
    }

    private DatabaseRequest said(byte[]... messages) {
        byte[] bytes = join(messages);
        Answer answer = reader.read(bytes, 0, bytes.length);
        assertThat(answer).isInstanceOf(DatabaseRequest.class);
        return (DatabaseRequest) answer;
    }

    private static byte[] message(char type, String content) {
        byte[] text = content.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(5 + text.length)
                .put((byte) type)
                .putInt(4 + text.length)
                .put(text)
                .array();
    }

    private static byte[] startup(String content) {
        byte[] text = content.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(8 + text.length)
                .putInt(8 + text.length)
                .putInt(3 << 16)
                .put(text)
                .array();
    }

    private static byte[] join(byte[]... messages) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] message : messages) joined.writeBytes(message);
        return joined.toByteArray();
    }
}
