package dev.spandrel.agent.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.ebpf.RecordConsumer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final class FakeSource implements RecordSource {
        final ArrayDeque<byte[]> ring = new ArrayDeque<>();
        final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
        final List<Duration> flushes = new ArrayList<>();
        final List<Duration> waits = new ArrayList<>();
        int forgotten;

        @Override
        public int drain(RecordConsumer records, int limit) {
            int taken = 0;
            while (!ring.isEmpty() && taken < limit) {
                byte[] record = ring.removeFirst();
                records.accept(MemorySegment.ofArray(record), 0, record.length);
                taken++;
            }
            return taken;
        }

        @Override
        public void flush(Duration quiet) {
            flushes.add(quiet);
            if (quiet.isZero()) {
                ring.addAll(waiting);
                waiting.clear();
            }
        }

        @Override
        public void forgetIdle() {
            forgotten++;
        }

        @Override
        public void await(Duration timeout) {
            waits.add(timeout);
        }
    }

    private final List<Long> taken = new ArrayList<>();
    private final List<Long> told = new ArrayList<>();
    private final FakeSource source = new FakeSource();
    private long now;
    private final Drain drain = new Drain(
            new ExchangeSink() {
                @Override
                public void exchange(MemorySegment data, long offset, int length) {
                    taken.add(offset);
                }

                @Override
                public void statement(MemorySegment data, long offset, int length) {
                    told.add(offset);
                }

                @Override
                public void stream(MemorySegment data, long offset, int length) {}

                @Override
                public void passed(long time) {}
            },
            new WorkloadIndex(),
            () -> now);

    @Test
    void countsMalformedRecordsAndGoesOn() {
        drain.attach(source);
        source.ring.add(new ExchangeBytes().bytes());
        source.ring.add(new byte[20]);
        source.ring.add(new byte[3]);
        source.ring.add(new ExchangeBytes().bytes());
        assertThat(drain.doWork()).isEqualTo(4);
        assertThat(taken).hasSize(2);
        assertThat(drain.records()).isEqualTo(4);
        assertThat(drain.malformed()).isEqualTo(1);
    }

    @Test
    void flushesOnItsPeriodAndNeverWaitsLong() {
        drain.attach(source);
        drain.doWork();
        assertThat(source.flushes).isEmpty();
        now += Drain.QUIET.toNanos();
        source.ring.add(new ExchangeBytes().bytes());
        drain.doWork();
        assertThat(source.flushes).containsExactly(Drain.QUIET);
        assertThat(source.waits).containsExactly(Duration.ofMillis(25), Duration.ofMillis(25));
    }

    @Test
    void idleConnectionsAreForgottenOnAPeriodOfTheirOwn() {
        drain.attach(source);
        now += Drain.FORGET_EVERY.toNanos() - 1;
        drain.doWork();
        assertThat(source.forgotten).isZero();
        now += 1;
        drain.doWork();
        drain.doWork();
        assertThat(source.forgotten).isEqualTo(1);
    }

    @Test
    void lettingGoTakesWhatWaited() {
        drain.attach(source);
        source.ring.add(new ExchangeBytes().bytes());
        source.waiting.add(new ExchangeBytes().bytes());
        drain.detach();
        assertThat(taken).hasSize(2);
        assertThat(drain.isAttached()).isFalse();
        assertThat(drain.doWork()).isZero();
    }
}
