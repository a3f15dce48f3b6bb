package dev.spandrel.agent.workload;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cgroup id → workload. Readers see an immutable snapshot; writers replace it. What is removed stays resolvable for
 * a minute, because its records may still be on their way.
 */
public final class WorkloadIndex {
    static final Duration GRACE = Duration.ofMinutes(1);

    /** A cgroup, and since when (epoch milliseconds) it is gone or no longer selected; {@code PRESENT} while it is. */
    private record Entry(String path, Selected selected, Workload workload, long goneSince) {
        static final long PRESENT = Long.MAX_VALUE;

        Entry gone(long now) {
            return goneSince == PRESENT ? new Entry(path, selected, workload, now) : this;
        }
    }

    private final InstantSource clock;
    private final Map<Long, Entry> entries = new HashMap<>();
    private volatile Snapshot snapshot = Snapshot.of(Map.of());

    public WorkloadIndex(InstantSource clock) {
        this.clock = clock;
    }

    public WorkloadIndex() {
        this(InstantSource.system());
    }

    /** Null if the cgroup is not of a selected workload. Lock-free and without allocation. */
    public @Nullable Workload byCgroup(long cgroupId) {
        return snapshot.get(cgroupId);
    }

    /** Cgroups that are resolvable now. */
    public int size() {
        return snapshot.size();
    }

    /** The control half's view: exactly these cgroups are selected. */
    public synchronized void replace(Map<Long, Place> places) {
        long now = clock.millis();
        entries.replaceAll((id, entry) -> places.containsKey(id) ? entry : entry.gone(now));
        places.forEach((id, place) -> put(id, place.path(), place.selected()));
        publish(now);
    }

    /** The path of a cgroup below the v2 mount, and the workload it belongs to. */
    public record Place(String path, Selected selected) {}

    /** The kernel saw a cgroup appear below a known one: it belongs to the same workload. */
    public synchronized void cgroupMade(long id, long parentId, String path) {
        var parent = entries.get(parentId);
        if (parent == null || isPresent(id)) return;
        put(id, path, parent.selected());
        publish(clock.millis());
    }

    public synchronized void cgroupRemoved(long id) {
        long now = clock.millis();
        entries.computeIfPresent(id, (key, entry) -> entry.gone(now));
        publish(now);
    }

    private boolean isPresent(long id) {
        var entry = entries.get(id);
        return entry != null && entry.goneSince() == Entry.PRESENT;
    }

    private void put(long id, String path, Selected selected) {
        var known = entries.get(id);
        var workload = selected.at(path);
        // The same instance as before where nothing changed: readers cache by identity.
        if (known != null && known.workload().equals(workload)) workload = known.workload();
        entries.put(id, new Entry(path, selected, workload, Entry.PRESENT));
    }

    private void publish(long now) {
        entries.values()
                .removeIf(entry -> entry.goneSince() != Entry.PRESENT && now - entry.goneSince() > GRACE.toMillis());
        var workloads = new HashMap<Long, Workload>();
        entries.forEach((id, entry) -> workloads.put(id, entry.workload()));
        snapshot = Snapshot.of(workloads);
    }

    /** Open addressing with linear probing; never more than half full. Cgroup ids are never 0. */
    private record Snapshot(long[] keys, @Nullable Workload[] values, int size) {
        static Snapshot of(Map<Long, Workload> workloads) {
            int slots = Integer.highestOneBit(Math.max(4, workloads.size() * 2)) * 2;
            var keys = new long[slots];
            var values = new Workload[slots];
            workloads.forEach((id, workload) -> {
                int at = slot(id, slots);
                while (keys[at] != 0) at = at + 1 & slots - 1;
                keys[at] = id;
                values[at] = workload;
            });
            return new Snapshot(keys, values, workloads.size());
        }

        @Nullable
        Workload get(long id) {
            for (int at = slot(id, keys.length); keys[at] != 0; at = at + 1 & keys.length - 1)
                if (keys[at] == id) return values[at];
            return null;
        }

        private static int slot(long id, int slots) {
            return (int) (id * 0x9E3779B97F4A7C15L >>> 32) & slots - 1;
        }
    }
}
