package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AmqpTest {
    private static final byte[] PUBLISH = HexFormat.of()
            .parseHex("010001000000" + "17" + "003c00280000" + "0473686f70" + "0a6f72646572732e6e6577" + "00ce");

    private final Amqp reader = new Amqp();

    @Test
    void aMessageIsForItsExchangeAndKey() {
        MessagingRequest request = (MessagingRequest) reader.read(PUBLISH, 0, PUBLISH.length, 0);
        assertThat(request.destination().toString()).isEqualTo("shop:orders.new");
        assertThat(request.size()).as("its header is not here").isEqualTo(-1);
    }

    @Test
    void cutAnywhereItSaysLessAndNothingWrong() {
        for (int length = 0; length < PUBLISH.length; length++) {
            if (reader.read(PUBLISH, 0, length, 0) instanceof MessagingRequest request) {
                assertThat(request.destination().toString()).isIn("", "shop:orders.new");
            }
        }
    }

    @Test
    void otherFramesAreNone() {
        byte[] heartbeat = HexFormat.of().parseHex("0800000000000000000000ce");
        assertThat(reader.read(heartbeat, 0, heartbeat.length, 0)).isEqualTo(Answer.INVALID);
        assertThat(reader.read(heartbeat, 0, 5, 0)).isEqualTo(Answer.NEED_MORE);
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            System.arraycopy(PUBLISH, 0, bytes, 0, Math.min(bytes.length, random.nextInt(PUBLISH.length)));
            reader.read(bytes, 0, bytes.length, random.nextInt(100));
        }
    }

    @Test
    void operationsAndErrorsHaveNames() {
        assertThat(reader.operation(0x64)).isEqualTo("publish");
        assertThat(reader.type(0x66)).isEqualTo("receive");
        assertThat(reader.operation(0)).isEqualTo("_OTHER");
        assertThat(reader.error(404)).isEqualTo("NOT_FOUND");
        assertThat(reader.error(-1)).isEqualTo("_OTHER");
    }
}
