package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The kernel's ring protocol over mapped memory: positions only grow; a record is a header {length, page offset} and its
 * bytes, rounded up to 8; the data area is mapped twice in a row, so that no record is split.
 */
final class Ring {
    private static final VarHandle LONG = JAVA_LONG.varHandle();
    private static final VarHandle INT = JAVA_INT.varHandle();

    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;
    private static final int HEADER = 8;
    /** How many records are read before the kernel may have their room back. */
    private static final int PUBLISH_EVERY = 64;

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment data;
    private final long mask;

    /** `data` is twice the ring's size. */
    Ring(MemorySegment consumer, MemorySegment producer, MemorySegment data) {
        this.consumer = consumer;
        this.producer = producer;
        this.data = data.asReadOnly();
        this.mask = data.byteSize() / 2 - 1;
    }

    /** Hands out up to `limit` records and returns how many; stops at one that is still being written. */
    int drain(RecordConsumer records, int limit) {
        long position = (long) LONG.getAcquire(consumer, 0L);
        long published = position;
        int seen = 0;
        int unpublished = 0;
        try {
            while (seen < limit && position < (long) LONG.getAcquire(producer, 0L)) {
                long at = position & mask;
                int header = (int) INT.getAcquire(data, at);
                if ((header & BUSY) != 0) break;
                int length = header & ~DISCARD;
                position += (length + HEADER + 7L) & -8L;
                if (++unpublished == PUBLISH_EVERY) unpublished = 0;
                if ((header & DISCARD) == 0) {
                    seen++;
                    records.accept(data, at + HEADER, length);
                }
                if (unpublished == 0) {
                    LONG.setRelease(consumer, 0L, position);
                    published = position;
                }
            }
        } finally {
            if (published != position) LONG.setRelease(consumer, 0L, position);
        }
        return seen;
    }

    /** Bytes written and not yet drained. */
    long backlog() {
        return (long) LONG.getAcquire(producer, 0L) - (long) LONG.getAcquire(consumer, 0L);
    }
}
