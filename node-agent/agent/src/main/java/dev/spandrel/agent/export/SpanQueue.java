package dev.spandrel.agent.export;

import dev.spandrel.agent.decorate.TracedResource;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of kept exchanges. One thread offers, one takes whole batches. A batch leaves when it is full, or old enough and someone is there to take
 * it; while nobody is, batches fill up, so that the bound is one of bytes and not of batches.
 */
public final class SpanQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Batch> full = new ArrayDeque<>();
    private final ArrayDeque<Batch> free = new ArrayDeque<>();
    private final int maxBatches;
    private final LongSupplier nanoTime;
    private Batch open = new Batch();
    private int batches = 1;
    private long waiting;
    private long overflow;
    private boolean flushing;

    public SpanQueue(long maxBytes, LongSupplier nanoTime) {
        this.maxBatches = (int) Math.max(2, maxBytes / Batch.SLAB_BYTES);
        this.nanoTime = nanoTime;
    }

    /** Copies the record of a span; false where there was no room, which is counted. */
    public boolean offer(TracedResource resource, MemorySegment data, long offset, int length) {
        return add(resource, data, offset, length);
    }

    /** Copies the record of what is no span, but has to be known for those behind it. No room for it is counted likewise. */
    public boolean note(MemorySegment data, long offset, int length) {
        return add(null, data, offset, length);
    }

    private boolean add(@Nullable TracedResource resource, MemorySegment data, long offset, int length) {
        lock.lock();
        try {
            if (!open.fits(length) && !turnOver()) {
                overflow++;
                return false;
            }
            open.add(resource, data, offset, length, open.count() == 0 ? nanoTime.getAsLong() : open.opened());
            if (resource != null) {
                waiting++;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch; an open one counts once its first record is {@code maxAge} old. An empty one is answered when the queue is being flushed and drained. */
    Batch take(Duration maxAge) throws InterruptedException {
        lock.lock();
        try {
            while (full.isEmpty()) {
                long patience = maxAge.toNanos();
                if (open.count() > 0) {
                    patience -= nanoTime.getAsLong() - open.opened();
                }
                if (flushing || (open.count() > 0 && patience <= 0)) {
                    Batch taken = open;
                    open = free.isEmpty() ? newBatch() : free.removeLast();
                    return taken;
                }
                changed.awaitNanos(patience);
            }
            return full.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Gives a taken batch back: its spans have left or are given up. */
    void release(Batch batch) {
        lock.lock();
        try {
            waiting -= batch.spans();
            batch.clear();
            free.addLast(batch);
        } finally {
            lock.unlock();
        }
    }

    /** From now on batches leave at once. */
    public void flush() {
        lock.lock();
        try {
            flushing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Spans not yet acknowledged by the receiver. */
    public long size() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Spans that found no room, since start. */
    public long overflow() {
        lock.lock();
        try {
            return overflow;
        } finally {
            lock.unlock();
        }
    }

    private boolean turnOver() {
        if (free.isEmpty() && batches >= maxBatches) {
            return false;
        }
        full.addLast(open);
        open = free.isEmpty() ? newBatch() : free.removeLast();
        changed.signalAll();
        return true;
    }

    private Batch newBatch() {
        batches++;
        return new Batch();
    }
}
