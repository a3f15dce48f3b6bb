package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Reads a map in batches: {@link #rewind}, then {@link #next} until it gives 0; entry i of a batch is at
 * {@code i * keySize} in {@link #keys} and {@code i * slots * stride} in {@link #values}. One thread.
 */
public final class BatchReader {
    private static final int ENOSPC = 28;

    private final BpfMap map;
    private final int entries;
    private final MemorySegment keys;
    private final MemorySegment values;
    private final MemorySegment count;
    private final MemorySegment position;
    private boolean started;
    private boolean ended;

    BatchReader(BpfMap map, Arena arena, int entries) {
        this.map = map;
        this.entries = entries;
        this.keys = arena.allocate((long) map.keySize() * entries, 8);
        this.values = arena.allocate((long) map.stride() * map.slots() * entries, 8);
        this.count = arena.allocate(JAVA_INT);
        this.position = arena.allocate(Math.max(8, map.keySize()), 8);
    }

    public void rewind() {
        started = false;
        ended = false;
    }

    /** Entries in this batch; 0 at the end. */
    public int next() {
        if (ended) return 0;
        count.set(JAVA_INT, 0, entries);
        var from = started ? position : MemorySegment.NULL;
        int result = BpfCalls.bpf_map_lookup_batch(map.fd(), from, position, keys, values, count);
        started = true;
        if (result == -Errno.ENOENT) ended = true;
        else if (result == -ENOSPC)
            throw new BpfException("batch of " + entries + " is smaller than a bucket of map " + map.name());
        else if (result < 0) throw map.failed("batch lookup", result);
        return count.get(JAVA_INT, 0);
    }

    public MemorySegment keys() {
        return keys;
    }

    public MemorySegment values() {
        return values;
    }
}
