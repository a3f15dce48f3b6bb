package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisTest {
    private final Redis reader = new Redis();

    @ParameterizedTest
    @CsvSource({
        "*3~$3~SET~$3~key~$5~value~, SET ?",
        "*1~$4~PING~*1~$4~PING~, PING",
        "$3~GET~$3~key~, GET ?",
        "*3~$6~config~$3~GET~$1~*~, config GET ?",
        "*2~$7~COMMAND~$4~DOCS~, COMMAND DOCS",
        "*3~$3~SET~$3~k, SET ?",
        "*2~$9~JSON.MGET~$1~x~, JSON.MGET ?",
        "PING~, PING",
        "set key value~, set ?",
    })
    void saysNoValues(String lines, String statement) {
        assertThat(read(lines)).isInstanceOf(DatabaseRequest.class);
        assertThat(((DatabaseRequest) read(lines)).statement().toString()).isEqualTo(statement);
    }

    @ParameterizedTest
    @CsvSource({"*3~$3~\u0001\u0002\u0003~", "*x", "'*1~$99999999999~GET~'", "''", "*2~"})
    void whatIsNoCommandIsNone(String lines) {
        assertThat(read(lines)).isNotInstanceOf(DatabaseRequest.class);
    }

    @Test
    void selectIsTheNamespace() {
        byte[] bytes = bytes("*2~$6~SELECT~$1~3~");
        assertThat(((DatabaseRequest) reader.learn(1, bytes, 0, bytes.length))
                        .namespace()
                        .toString())
                .isEqualTo("3");
    }

    @Test
    void errorsAreTheirFirstWord() {
        assertThat(reader.error(packed("WRONGT"))).isEqualTo("WRONGTYPE");
        assertThat(reader.error(packed("WRONGP"))).isEqualTo("WRONGPASS");
        assertThat(reader.error(packed("ERR\0\0\0"))).isEqualTo("ERR");
        assertThat(reader.error(packed("MYMODU"))).isEqualTo("MYMOD");
        assertThat(reader.error(0)).isEqualTo("_OTHER");
    }

    @Test
    void aSubcommandThatIsCutIsNone() {
        assertThat(read("*3~$6~CLIENT~$7~SETINFO~$8~LIB"))
                .isInstanceOfSatisfying(
                        DatabaseRequest.class,
                        said -> assertThat(said.operation()).hasToString("CLIENT SETINFO"));
        assertThat(read("*3~$6~CLIENT~$7~SETI"))
                .isInstanceOfSatisfying(
                        DatabaseRequest.class,
                        said -> assertThat(said.operation()).hasToString("CLIENT"));
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        Random random = new Random(7);
        byte[] letters = bytes("*$~19SETGET x\u0001");
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = letters[random.nextInt(letters.length)];
            }
            reader.learn(1, bytes, 0, bytes.length);
            if (reader.read(bytes, 0, bytes.length) instanceof DatabaseRequest said) {
                assertThat(said.operation().length()).isLessThanOrEqualTo(81);
            }
        }
    }

    private static int packed(String letters) {
        int code = 0;
        for (int i = 0; i < 5; i++) {
            code = code << 6 | (letters.charAt(i) == 0 ? 0 : letters.charAt(i) - ' ');
        }
        return code << 2 | (letters.charAt(5) == 0 ? 0 : letters.charAt(5) >> 2 & 3);
    }

    private Answer read(String lines) {
        byte[] bytes = bytes(lines);
        return reader.read(bytes, 0, bytes.length);
    }

    private static byte[] bytes(String lines) {
        return lines.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
