package dev.spandrel.agent.export;

import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.StatementRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Records one after another in a fixed slab, each with its resource. */
final class Batch {
    static final int SLAB_BYTES = 512 * 1024;
    private static final int ALIGNMENT = 8;

    private final byte[] slab = new byte[SLAB_BYTES];
    private int[] offsets = new int[64];
    private @Nullable TracedResource[] resources = new TracedResource[64];
    private int used;
    private int count;
    private int spans;
    private long opened;

    boolean fits(int length) {
        return used + length <= SLAB_BYTES;
    }

    /** {@code resource}: null for what is no span, but has to be known for those behind it. */
    void add(@Nullable TracedResource resource, MemorySegment data, long offset, int length, long now) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            resources = Arrays.copyOf(resources, count * 2);
        }
        if (count == 0) {
            opened = now;
        }
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, slab, used, length);
        offsets[count] = used;
        resources[count++] = resource;
        if (resource != null) {
            spans++;
        }
        used += (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    int count() {
        return count;
    }

    /** When its first record came. */
    long opened() {
        return opened;
    }

    /** Of {@link #count()}. */
    int spans() {
        return spans;
    }

    @Nullable
    TracedResource resource(int index) {
        return resources[index];
    }

    ExchangeRecord record(int index, ExchangeRecord flyweight) {
        return flyweight.wrap(slab, offsets[index]);
    }

    StatementRecord statement(int index, StatementRecord flyweight) {
        return flyweight.wrap(slab, offsets[index]);
    }

    void clear() {
        Arrays.fill(resources, 0, count, null);
        used = 0;
        count = 0;
        spans = 0;
    }
}
