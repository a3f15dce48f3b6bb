package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MqttTest {
    private static final int PUBLISH = 0x32;
    private static final int FIVE = 5;
    private static final String CONTEXT = "00-0000000000000000000000000000abc0-000000000000def0-01";

    private final Mqtt reader = new Mqtt();

    @Test
    void aMessageHasATopicASizeAndALink() {
        MessagingRequest request = read(published(), FIVE);
        assertThat(request.destination().toString()).isEqualTo("orders");
        assertThat(request.size()).isEqualTo(6);
        assertThat(request.links().count()).isOne();
    }

    @Test
    void whereTheVersionIsUnknownNothingIsGuessed() {
        MessagingRequest request = read(published(), 0);
        assertThat(request.destination().toString()).isEqualTo("orders");
        assertThat(request.size()).isEqualTo(-1);
        assertThat(request.links().count()).isZero();
    }

    @Test
    void cutAnywhereItSaysLessAndNothingWrong() {
        byte[] whole = published();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (reader.read(cut, 0, length, FIVE) instanceof MessagingRequest request) {
                assertThat(request.destination().toString()).isIn("", "orders");
                assertThat(request.size()).isIn(-1L, 6L);
            }
        }
    }

    @Test
    void aSubscriptionToOneThingNamesIt() {
        byte[] one = packet(0x82, number(7), text("orders/#"), new byte[] {1});
        assertThat(read(one, 4).destination().toString()).isEqualTo("orders/#");
        byte[] two = packet(0x82, number(7), text("orders/#"), new byte[] {1}, text("more"), new byte[] {1});
        assertThat(read(two, 4).destination().isEmpty()).isTrue();
    }

    @Test
    void otherPacketsAreNone() {
        byte[] ping = {(byte) 0xc0, 0};
        assertThat(reader.read(ping, 0, 2, 0)).isEqualTo(Answer.INVALID);
        assertThat(reader.read(ping, 0, 1, 0)).isEqualTo(Answer.NEED_MORE);
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 0) bytes[0] = (byte) (random.nextInt(16) << 4);
            reader.read(bytes, 0, bytes.length, random.nextInt(6));
        }
    }

    private MessagingRequest read(byte[] bytes, int version) {
        return (MessagingRequest) reader.read(bytes, 0, bytes.length, version);
    }

    private static byte[] published() {
        byte[] property = join(new byte[] {0x26}, text("traceparent"), text(CONTEXT));
        return packet(
                PUBLISH,
                text("orders"),
                number(7),
                new byte[] {(byte) property.length},
                property,
                "s3cr3t".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] packet(int first, byte[]... parts) {
        byte[] body = join(parts);
        return join(
                new byte[] {(byte) first, (byte) (body.length & 0x7f | (body.length > 127 ? 0x80 : 0))},
                body.length > 127 ? new byte[] {(byte) (body.length >> 7)} : new byte[0],
                body);
    }

    private static byte[] text(String text) {
        return join(number(text.length()), text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] number(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
