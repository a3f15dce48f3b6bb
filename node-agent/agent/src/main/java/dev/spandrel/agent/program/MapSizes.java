package dev.spandrel.agent.program;

import dev.spandrel.ebpf.BpfObject;
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
    public static final Set<String> HASHES =
            Set.of("requests", "waiting", "pipeline", "carry", "goroutines", "handed", "conns", "config");

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

    /** Before load. `backend`: with completion hooks, connections and configurations are no hashes, but live with what they belong to. */
    void apply(BpfObject object, Backend backend) {
        entries.forEach((name, size) -> {
            boolean elsewhere = backend == Backend.SOCKLEN && (name.equals("conns") || name.equals("config"));
            if (!elsewhere) object.setMaxEntries(PREFIX + name, size);
        });
    }

    /** The same for the same sizes. */
    @Override
    public String toString() {
        return new TreeMap<>(entries).toString();
    }
}
