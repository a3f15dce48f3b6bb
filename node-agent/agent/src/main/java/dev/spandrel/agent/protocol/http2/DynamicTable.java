package dev.spandrel.agent.protocol.http2;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries that were seen being inserted since the table was last lost. Indices count from the newest entry, so those are in their true places whatever
 * there was before them. Whoever encodes never refers to what it evicted: that this table may hold longer does no harm.
 */
final class DynamicTable {
    /** What both sides begin with. */
    static final int DEFAULT_SIZE = 4096;
    /** Of a table that was agreed to be larger the oldest entries are unknown. */
    private static final int MOST = 64 * 1024;

    private @Nullable Entry[] ring = new Entry[32];
    private int newest;
    private int count;
    private int bytes;
    private int limit = DEFAULT_SIZE;

    /** The entry that many before the newest; empty if it is unknown. */
    Optional<Entry> get(int back) {
        return back < count ? Optional.ofNullable(ring[(newest - back) & ring.length - 1]) : Optional.empty();
    }

    void insert(Entry entry) {
        if (entry.size() > limit) {
            clear();
            return;
        }
        evict(limit - entry.size());
        if (count == ring.length) {
            grow();
        }
        newest = (newest + 1) & ring.length - 1;
        ring[newest] = entry;
        count++;
        bytes += entry.size();
    }

    void resize(long size) {
        limit = (int) Math.min(size, MOST);
        evict(limit);
    }

    /** Nothing is known any more. */
    void clear() {
        Arrays.fill(ring, null);
        count = 0;
        bytes = 0;
    }

    int count() {
        return count;
    }

    private void evict(int target) {
        while (bytes > target) {
            int oldest = (newest - count + 1) & ring.length - 1;
            Entry entry = ring[oldest];
            ring[oldest] = null;
            count--;
            bytes -= entry == null ? 0 : entry.size();
        }
    }

    private void grow() {
        @Nullable Entry[] larger = new Entry[ring.length * 2];
        for (int i = 0; i < count; i++) {
            larger[i] = ring[(newest - count + 1 + i) & ring.length - 1];
        }
        ring = larger;
        newest = count - 1;
    }
}
