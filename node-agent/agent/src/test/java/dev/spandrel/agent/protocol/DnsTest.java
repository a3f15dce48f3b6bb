package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsTest {
    private final Dns reader = new Dns();

    @Test
    void aNameAndItsType() {
        assertThat(asked(28, "shop", "Example", "com")).isEqualTo("shop.Example.com AAAA");
        assertThat(asked(1)).isEqualTo(". A");
        assertThat(asked(4711, "x")).isEqualTo("x TYPE4711");
    }

    @Test
    void whatIsNoLetterIsEscaped() {
        assertThat(asked(16, "a.b", "\u0001 c")).isEqualTo("a\\.b.\\001\\032c TXT");
    }

    @Test
    void cutAnywhereItSaysNothing() {
        byte[] whole = question(1, "shop", "example", "com");
        for (int length = 0; length < whole.length - 2; length++) {
            assertThat(reader.read(whole, 0, length)).as("%d bytes", length).isSameAs(Answer.NEED_MORE);
        }
    }

    @Test
    void anyBytesNeverThrow() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = question(1, "shop", "example", "com");
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            bytes[random.nextInt(12, bytes.length)] = (byte) random.nextInt();
            assertThat(reader.read(bytes, 0, random.nextInt(bytes.length + 1))).isNotNull();
        }
    }

    private String asked(int type, String... labels) {
        byte[] bytes = question(type, labels);
        assertThat(reader.read(bytes, 0, bytes.length)).isInstanceOf(Dns.Question.class);
        Dns.Question question = (Dns.Question) reader.read(bytes, 0, bytes.length);
        return question.name() + " " + question.type();
    }

    private static byte[] question(int type, String... labels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : labels) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.writeBytes(new byte[] {0, (byte) (type >> 8), (byte) type, 0, 1});
        return out.toByteArray();
    }
}
