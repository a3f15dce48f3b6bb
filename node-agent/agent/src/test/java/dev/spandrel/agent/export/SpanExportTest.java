package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.event.ExchangeBytes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpanExportTest {
    /** Answers as told, then accepts. */
    private static final class FakeReceiver implements Receiver {
        final ArrayDeque<Outcome> answers = new ArrayDeque<>();
        final List<Integer> accepted = new ArrayList<>();

        @Override
        public SpanEncoder encoder(String version) {
            return new ProtoSpanEncoder(version);
        }

        @Override
        public Outcome send(ByteBuffer request, int spans, Duration timeout) {
            Outcome answer = answers.isEmpty() ? new Outcome.Accepted() : answers.removeFirst();
            if (answer instanceof Outcome.Accepted) {
                accepted.add(spans);
            }
            return answer;
        }

        @Override
        public String description() {
            return "fake";
        }

        @Override
        public void close() {}
    }

    private final FakeReceiver receiver = new FakeReceiver();
    private final SpanQueue queue = new SpanQueue(1 << 20, System::nanoTime);
    private final SpanExport export = new SpanExport(queue, receiver, "1", Duration.ZERO, Duration.ofSeconds(1));

    private void offer(int count) {
        MemorySegment record = new ExchangeBytes().segment();
        TracedResource resource = new TracedResource(new TreeMap<>(), List.of());
        for (int i = 0; i < count; i++) {
            queue.offer(resource, record, 0, (int) record.byteSize());
        }
    }

    @Test
    void aReceiverThatComesBackGetsEverything() throws InterruptedException {
        receiver.answers.add(new Outcome.Retry("away"));
        offer(3);
        assertThat(export.doWork()).isTrue();
        assertThat(receiver.accepted).containsExactly(3);
        assertThat(export.exported()).isEqualTo(3);
        assertThat(queue.size()).isZero();
    }

    @Test
    void whatIsRefusedIsCountedAndNotSentAgain() throws InterruptedException {
        receiver.answers.add(new Outcome.Refused("400"));
        offer(2);
        assertThat(export.doWork()).isTrue();
        offer(1);
        assertThat(export.doWork()).isTrue();
        assertThat(export.refused()).isEqualTo(2);
        assertThat(receiver.accepted).containsExactly(1);
    }

    @Test
    void theEndWaitsForNobody() throws InterruptedException {
        receiver.answers.add(new Outcome.Retry("away"));
        offer(4);
        export.stop();
        assertThat(export.doWork()).isTrue();
        assertThat(export.refused()).isEqualTo(4);
        assertThat(export.doWork()).isFalse();
    }
}
