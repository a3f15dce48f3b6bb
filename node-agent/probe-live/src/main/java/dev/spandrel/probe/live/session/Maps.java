package dev.spandrel.probe.live.session;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.ebpf.Bpf;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.MapType;
import dev.spandrel.probe.output.MapSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The maps of a running program. */
public final class Maps implements AutoCloseable {
    /** `slots` are one value per CPU of a per-CPU map, else one. */
    public record Entry(byte[] key, List<byte[]> slots) {}

    private final Map<String, BpfMap> made = new LinkedHashMap<>();
    /** Of those that were made, the ones of another version of the program, which closes them. */
    private final Set<String> borrowed = new HashSet<>();

    private final Map<String, MapSpec> specs = new HashMap<>();
    /** Of others, who close them. */
    private final Map<String, BpfMap> given;

    /** @param before a version whose maps are taken where they agree */
    Maps(List<MapSpec> all, Map<String, BpfMap> given, Optional<Maps> before) {
        this.given = Map.copyOf(given);
        try {
            for (MapSpec spec : all) {
                specs.put(spec.name(), spec);
                if (spec.kind() == MapSpec.Kind.GIVEN) {
                    if (!given.containsKey(spec.name())) throw new Refusal("the agent has no map " + spec.name());
                    continue;
                }
                var shared = before.filter(m -> spec.isCarriedOver() && spec.equals(m.specs.get(spec.name())));
                if (shared.isPresent()) {
                    made.put(spec.name(), shared.get().made.get(spec.name()));
                    borrowed.add(spec.name());
                    continue;
                }
                var map = Bpf.createMap(
                        name(spec.name()), type(spec.kind()), spec.keyBytes(), spec.valueBytes(), spec.entries());
                made.put(spec.name(), map);
                spec.initial().forEach((index, value) -> set(map, index, value));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** From now on these are the ones that close what both have. */
    void takeOver(Maps before) {
        before.borrowed.addAll(borrowed);
        borrowed.clear();
    }

    /** Names of the maps that hold what was gathered before. */
    public Set<String> borrowed() {
        return Set.copyOf(borrowed);
    }

    private static String name(String name) {
        return name.startsWith("@") ? "at_" + name.substring(1) : name.substring(1);
    }

    private static MapType type(MapSpec.Kind kind) {
        return switch (kind) {
            case HASH -> MapType.HASH;
            case ARRAY -> MapType.ARRAY;
            case PERCPU_HASH -> MapType.PERCPU_HASH;
            case PERCPU_ARRAY -> MapType.PERCPU_ARRAY;
            case LRU_HASH -> MapType.LRU_HASH;
            case LRU_PERCPU_HASH -> MapType.LRU_PERCPU_HASH;
            case RING -> MapType.RINGBUF;
            case STACKS -> MapType.STACK_TRACE;
            case CGROUPS -> MapType.CGROUP_ARRAY;
            case GIVEN -> MapType.OTHER;
        };
    }

    Optional<BpfMap> find(String name) {
        return Optional.ofNullable(made.get(name));
    }

    int descriptor(String name) {
        var map = given.containsKey(name) ? given.get(name) : made.get(name);
        return map.fd();
    }

    public List<MapSpec> own() {
        return specs.values().stream()
                .filter(s -> s.shape().isPresent())
                .sorted(java.util.Comparator.comparing(MapSpec::name))
                .toList();
    }

    public MapSpec spec(String name) {
        return specs.get(name);
    }

    static void set(BpfMap map, int index, long value) {
        try (var arena = Arena.ofConfined()) {
            var key = arena.allocateFrom(JAVA_INT, index);
            var content = map.allocateValue(arena);
            if (map.valueSize() == 4) content.set(JAVA_INT, 0, (int) value);
            else content.set(JAVA_LONG, 0, value);
            map.update(key, content);
        }
    }

    /** Makes the keys of a map whose keys and values are numbers exactly these. */
    void keys(String name, Set<Long> wanted) {
        Cgroups.make(made.get(name), wanted);
    }

    /** All entries there are at the moment. */
    public List<Entry> entries(String name) {
        var map = made.get(name);
        var entries = new ArrayList<Entry>();
        try (var arena = Arena.ofConfined()) {
            var key = map.allocateKey(arena);
            var next = map.allocateKey(arena);
            var value = map.allocateValue(arena);
            boolean more = map.nextKey(MemorySegment.NULL, next);
            while (more) {
                MemorySegment.copy(next, 0, key, 0, key.byteSize());
                if (map.lookup(key, value)) entries.add(entry(map, key, value));
                more = entries.size() <= map.maxEntries() && map.nextKey(key, next);
            }
        }
        return entries;
    }

    private static Entry entry(BpfMap map, MemorySegment key, MemorySegment value) {
        var slots = new ArrayList<byte[]>();
        for (int i = 0; i < map.slots(); i++)
            slots.add(value.asSlice((long) i * map.stride(), map.valueSize())
                    .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        return new Entry(key.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), slots);
    }

    void clear(String name) {
        var map = made.get(name);
        if (map.type() == MapType.PERCPU_ARRAY) {
            zero(name);
            return;
        }
        try (var arena = Arena.ofConfined()) {
            for (Entry entry : entries(name))
                map.delete(arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, entry.key()));
        }
    }

    void zero(String name) {
        var map = made.get(name);
        try (var arena = Arena.ofConfined()) {
            var value = map.allocateValue(arena);
            for (Entry entry : entries(name))
                map.update(arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, entry.key()), value);
        }
    }

    /** Addresses of a stack; empty if it is not kept. */
    public long[] stack(String name, long id) {
        var map = made.get(name);
        if (id < 0 || map == null) return new long[0];
        try (var arena = Arena.ofConfined()) {
            var value = map.allocateValue(arena);
            if (!map.lookup(arena.allocateFrom(JAVA_INT, (int) id), value)) return new long[0];
            return java.util.Arrays.stream(value.toArray(JAVA_LONG))
                    .takeWhile(a -> a != 0)
                    .toArray();
        }
    }

    /** Records that found the ring full. */
    public long lost() {
        return counted(MapSpec.LOST);
    }

    /** What found a map full; known of managed programs. */
    public long full() {
        return counted(MapSpec.FULL);
    }

    private long counted(String counter) {
        return made.containsKey(counter)
                ? entries(counter).stream()
                        .flatMap(e -> e.slots().stream())
                        .mapToLong(s -> Bytes.of(s).getLong(0))
                        .sum()
                : 0;
    }

    @Override
    public void close() {
        made.forEach((name, map) -> {
            if (!borrowed.contains(name)) Bpf.close(map);
        });
        made.clear();
    }
}
