package dev.spandrel.agent.event;

import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.ebpf.RecordConsumer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Empties the ring and lets waiting exchanges go. {@link #doWork} is called in a loop by one thread; sources come and go from others, which wait until that
 * thread has let go of the old one.
 */
public final class Drain {
    static final Duration QUIET = Duration.ofMillis(50);
    private static final int LIMIT = 8192;
    private static final long FLUSH_EVERY = QUIET.toNanos();
    /** As long as a connection has to be idle for it: memory of none is held for twice as long. */
    static final Duration FORGET_EVERY = Duration.ofSeconds(10);
    /** Waking up costs more than many records; where many come, the ring's own threshold wakes earlier. */
    private static final Duration WAIT = Duration.ofMillis(25);

    private final ReentrantLock lock = new ReentrantLock(true);
    private final LongSupplier nanoTime;
    private final ExchangeSink sink;
    private final WorkloadIndex workloads;
    private final RecordConsumer consumer = this::take;
    private final LongAdder records = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private Optional<RecordSource> source = Optional.empty();
    private long flushed;
    private long forgotten;

    public Drain(ExchangeSink sink, WorkloadIndex workloads, LongSupplier nanoTime) {
        this.sink = sink;
        this.workloads = workloads;
        this.nanoTime = nanoTime;
        this.flushed = nanoTime.getAsLong();
        this.forgotten = flushed;
    }

    public void attach(RecordSource next) {
        lock.lock();
        try {
            source = Optional.of(next);
        } finally {
            lock.unlock();
        }
    }

    /** Takes what is left, waiting exchanges included, and lets go. */
    public void detach() {
        lock.lock();
        try {
            source.ifPresent(last -> {
                last.flush(Duration.ZERO);
                while (last.drain(consumer, LIMIT) > 0) {}
            });
            source = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** One round; answers how many records it took. Waits some milliseconds where there are few. */
    public int doWork() {
        lock.lock();
        try {
            return source.isPresent() ? round(source.get()) : 0;
        } finally {
            lock.unlock();
        }
    }

    public boolean isAttached() {
        lock.lock();
        try {
            return source.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /** Records taken since start, malformed ones included. */
    public long records() {
        return records.sum();
    }

    public long malformed() {
        return malformed.sum();
    }

    private int round(RecordSource current) {
        int taken = current.drain(consumer, LIMIT);
        long now = nanoTime.getAsLong();
        if (now - flushed >= FLUSH_EVERY) {
            flushed = now;
            current.flush(QUIET);
            sink.passed(now);
        }
        if (now - forgotten >= FORGET_EVERY.toNanos()) {
            forgotten = now;
            current.forgetIdle();
        }
        if (taken < LIMIT) {
            current.await(WAIT);
        }
        return taken;
    }

    private void take(MemorySegment data, long offset, int length) {
        records.increment();
        switch (RecordCheck.of(data, offset, length)) {
            case EXCHANGE -> sink.exchange(data, offset, length);
            case STATEMENT -> sink.statement(data, offset, length);
            case STREAM -> sink.stream(data, offset, length);
            case CGROUP -> CgroupRecord.tell(data, offset, workloads);
            case OTHER -> {}
            case MALFORMED -> malformed.increment();
        }
    }
}
