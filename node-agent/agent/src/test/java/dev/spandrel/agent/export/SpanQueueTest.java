package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.event.ExchangeBytes;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpanQueueTest {
    private final MemorySegment record = new ExchangeBytes().segment();
    private final TracedResource resource = new TracedResource(new TreeMap<>(), List.of());
    private long now;
    private final SpanQueue queue = new SpanQueue(3 * Batch.SLAB_BYTES, () -> now);

    private boolean offer() {
        return queue.offer(resource, record, 0, (int) record.byteSize());
    }

    private int fill() {
        int accepted = 0;
        while (offer()) {
            accepted++;
        }
        return accepted;
    }

    @Test
    void anOpenBatchLeavesOnceItIsOldEnough() throws InterruptedException {
        offer();
        now = Duration.ofSeconds(1).toNanos();
        offer();
        Batch batch = queue.take(Duration.ofSeconds(1));
        assertThat(batch.count()).isEqualTo(2);
        assertThat(queue.size()).isEqualTo(2);
        queue.release(batch);
        assertThat(queue.size()).isZero();
    }

    @Test
    void whatDoesNotFitIsCountedAndTheRestArrives() throws InterruptedException {
        int accepted = fill();
        int perBatch = Batch.SLAB_BYTES / ((int) record.byteSize() + 7 & -8);
        assertThat(accepted).isEqualTo(3 * perBatch);
        assertThat(queue.overflow()).isEqualTo(1);
        Batch first = queue.take(Duration.ZERO);
        assertThat(first.count()).isEqualTo(perBatch);
        assertThat(offer()).as("a batch in flight still takes its room").isFalse();
        queue.release(first);
        assertThat(offer()).isTrue();
    }

    @Test
    void smallBatchesDoNotUseUpTheQueueWhileNobodyTakesThem() {
        for (int i = 0; i < 100; i++) {
            assertThat(offer()).isTrue();
            now += Duration.ofSeconds(10).toNanos();
        }
        assertThat(queue.overflow()).isZero();
    }

    @Test
    void flushAnswersWhatIsThereAndThenAnEmptyBatch() throws InterruptedException {
        offer();
        queue.flush();
        Batch last = queue.take(Duration.ofDays(1));
        assertThat(last.count()).isEqualTo(1);
        queue.release(last);
        assertThat(queue.take(Duration.ofDays(1)).count()).isZero();
    }
}
