package dev.spandrel.agent.program;

import dev.spandrel.ebpf.BpfObject;
import dev.spandrel.ebpf.MapType;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How large maps are made, where that is not what the objects say.
 *
 * @param entries by the map's name without {@code sp_}, as in the metrics of their fill; of the ring, its bytes
 */
public record MapSizes(Map<String, Integer> entries) {
    public static final MapSizes AS_BUILT = new MapSizes(Map.of());

    /** Those that fill up with what is traced, and can be of any size. */
    public static final Set<String> HASHES = Set.of(
            "requests",
            "waiting",
            "pipeline",
            "carry",
            "goroutines",
            "handed",
            "conns",
            "config",
            "sessions",
            "carriers");

    /** What lives with its socket or cgroup has no size of its own: with completion hooks, connections and configurations. */
    private static final Set<MapType> STORAGE = Set.of(MapType.SK_STORAGE, MapType.CGRP_STORAGE);

    private static final String PREFIX = "sp_";
    private static final String RING = "ring";

    public MapSizes {
        entries = Map.copyOf(entries);
    }

    /** The same, with a ring of so many bytes. */
    public MapSizes withRing(int bytes) {
        var more = new TreeMap<>(entries);
        more.put(RING, bytes);
        return new MapSizes(more);
    }

    /** Before load, and before maps of another object are shared: those that this one has. */
    void apply(BpfObject object) {
        for (var map : object.maps()) {
            var size = map.name().startsWith(PREFIX) ? entries.get(map.name().substring(PREFIX.length())) : null;
            if (size != null && !STORAGE.contains(map.type())) object.setMaxEntries(map.name(), size);
        }
    }

    /** The same for the same sizes. */
    @Override
    public String toString() {
        return new TreeMap<>(entries).toString();
    }
}
