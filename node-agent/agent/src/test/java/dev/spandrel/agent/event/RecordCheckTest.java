package dev.spandrel.agent.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordCheckTest {
    private final byte[] whole = new ExchangeBytes().bytes();

    private static RecordCheck check(byte[] bytes) {
        return RecordCheck.of(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    @Test
    void acceptsAWholeRecordAndOneInALargerReservation() {
        assertThat(check(whole)).isEqualTo(RecordCheck.EXCHANGE);
        assertThat(check(Arrays.copyOf(whole, whole.length + 100))).isEqualTo(RecordCheck.EXCHANGE);
    }

    @Test
    void refusesEveryShorterOne() {
        for (int length = 0; length < whole.length; length++) {
            assertThat(check(Arrays.copyOf(whole, length))).isEqualTo(RecordCheck.MALFORMED);
        }
    }

    @Test
    void refusesAHeadThatReachesBeyondTheRecord() {
        byte[] lying = whole.clone();
        lying[Layout.HEAD_LEN + 1] = 0x7f;
        assertThat(check(lying)).isEqualTo(RecordCheck.MALFORMED);
    }

    @Test
    void namesOtherTypes() {
        byte[] other = whole.clone();
        other[Layout.TYPE] = 9;
        assertThat(check(other)).isEqualTo(RecordCheck.OTHER);
    }

    @Test
    void neverThrows() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextBoolean()) {
                bytes[0] = 1;
                bytes[1] = 0;
                bytes[2] = 1;
                bytes[3] = 0;
            }
            assertThat(check(bytes)).isNotNull();
        }
    }
}
