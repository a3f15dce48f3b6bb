package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingTest {
    private static final int SIZE = 128;

    private final MemorySegment consumer = Arena.ofAuto().allocate(8, 8);
    private final MemorySegment producer = Arena.ofAuto().allocate(8, 8);
    private final MemorySegment data = Arena.ofAuto().allocate(2 * SIZE, 8);
    private final Ring ring = new Ring(consumer, producer, data);
    private final List<Long> seen = new ArrayList<>();

    @Test
    void handsOutRecordsInOrder() {
        write(16, 1);
        write(8, 2);

        assertThat(drain(10)).containsExactly(1L, 2L);
        assertThat(ring.backlog()).isZero();
    }

    @Test
    void stopsAtTheLimitAndGoesOnFromThere() {
        for (int i = 1; i <= 5; i++) write(8, i);

        assertThat(drain(2)).containsExactly(1L, 2L);
        assertThat(drain(10)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void skipsDiscardedRecords() {
        write(8, 1);
        long discarded = write(8, 2);
        write(8, 3);
        flag(discarded, 1 << 30);

        assertThat(drain(10)).containsExactly(1L, 3L);
        assertThat(ring.backlog()).isZero();
    }

    @Test
    void waitsForABusyRecordEvenIfLaterOnesAreReady() {
        write(8, 1);
        long busy = write(8, 2);
        write(8, 3);
        flag(busy, 1 << 31);

        assertThat(drain(10)).containsExactly(1L);
        data.set(JAVA_INT, busy, 8);
        assertThat(drain(10)).containsExactly(2L, 3L);
    }

    @Test
    void aRecordOverTheEdgeIsWhole() {
        write(96, 1);
        drain(10);
        write(40, 2);

        ring.drain(
                (bytes, offset, length) -> {
                    assertThat(length).isEqualTo(40);
                    assertThat(offset + length).isGreaterThan(SIZE);
                    for (int i = 0; i < 5; i++)
                        assertThat(bytes.get(JAVA_LONG, offset + 8 * i)).isEqualTo(2);
                },
                1);
        assertThat(ring.backlog()).isZero();
    }

    @Test
    void lengthsAreRoundedUpToEight() {
        write(5, 1);
        write(8, 2);

        assertThat(drain(10)).hasSize(2).endsWith(2L);
    }

    @Test
    void aFailingConsumerLosesOnlyItsOwnRecord() {
        write(8, 1);
        write(8, 2);

        assertThatThrownBy(() -> ring.drain(
                        (bytes, offset, length) -> {
                            throw new IllegalStateException("no");
                        },
                        10))
                .hasMessage("no");
        assertThat(drain(10)).containsExactly(2L);
    }

    @Test
    void positionsPastTwoGigabytesWork() {
        long far = (1L << 33) + 16;
        consumer.set(JAVA_LONG, 0, far);
        producer.set(JAVA_LONG, 0, far);
        write(8, 7);

        assertThat(drain(10)).containsExactly(7L);
    }

    private List<Long> drain(int limit) {
        seen.clear();
        ring.drain((bytes, offset, length) -> seen.add(bytes.get(JAVA_LONG, offset)), limit);
        return seen;
    }

    /** What the kernel does: a header, then the bytes, seen in both mappings. */
    private long write(int length, long value) {
        long position = producer.get(JAVA_LONG, 0);
        long at = position % SIZE;
        put(at, length);
        for (int i = 0; i < length; i += 8) put(at + 8 + i, value);
        producer.set(JAVA_LONG, 0, position + (length + 8 + 7 & -8));
        return at;
    }

    private void put(long at, long value) {
        data.set(JAVA_LONG, at % SIZE, value);
        data.set(JAVA_LONG, at % SIZE + SIZE, value);
    }

    private void flag(long at, int bit) {
        data.set(JAVA_INT, at, data.get(JAVA_INT, at) | bit);
    }
}
