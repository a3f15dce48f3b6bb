package dev.spandrel.probe.live.object;

import dev.spandrel.ebpf.Bpf;
import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.BpfObject;
import dev.spandrel.ebpf.BpfProgram;
import dev.spandrel.ebpf.LoadedProgram;
import dev.spandrel.ebpf.MapType;
import dev.spandrel.ebpf.PerfEvent;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.facts.ObjectTypes;
import dev.spandrel.probe.live.session.Cgroups;
import dev.spandrel.probe.live.session.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** One object in the kernel: loaded when it is made, gone when it is closed. Each of its programs runs behind a {@link Door}. */
public final class ObjectSession implements AutoCloseable {
    private static final Set<MapType> KINDS = EnumSet.of(
            MapType.HASH,
            MapType.ARRAY,
            MapType.PERCPU_HASH,
            MapType.PERCPU_ARRAY,
            MapType.LRU_HASH,
            MapType.LRU_PERCPU_HASH,
            MapType.RINGBUF);
    /** Cgroups that may be selected at a time. */
    private static final int MOST_CGROUPS = 16_384;

    private static final int BESIDE_ENTRY = 64;

    private record Entrance(Hook hook, LoadedProgram door) {}

    private final HostFacts facts;
    private final BpfObject object;
    private final BpfMap selected;
    private final List<BpfMap> arrays = new ArrayList<>();
    private final List<Entrance> entrances = new ArrayList<>();
    private final Deque<AutoCloseable> attached = new ArrayDeque<>();
    private final Rings rings = new Rings();
    private List<ExportedMap> exported = List.of();
    private List<ExportedRing> exportedRings = List.of();

    private ObjectSession(BpfObject object, HostFacts facts) {
        this.object = object;
        this.facts = facts;
        this.selected = Bpf.createMap("selected", MapType.HASH, Long.BYTES, Long.BYTES, MOST_CGROUPS);
    }

    /**
     * Throws a {@link Refusal} in people's terms.
     *
     * @param mapBytes that its maps may take
     * @param everybody whether it sees all processes; else those of {@link #select}
     * @param confined whether it may read their memory alone
     */
    public static ObjectSession load(
            byte[] file, String name, HostFacts facts, long mapBytes, boolean everybody, boolean confined) {
        ObjectCode.problems(file, confined).stream().findFirst().ifPresent(problem -> {
            throw new Refusal(problem);
        });
        BpfObject object;
        try {
            object = BpfObject.open(file, name);
        } catch (BpfException e) {
            throw new Refusal("it cannot be read: " + e.getMessage());
        }
        var session = new ObjectSession(object, facts);
        try {
            session.check(mapBytes, confined);
            session.object.unpin().load();
            session.rings.open(session.exportedRings);
            session.doors(everybody);
            return session;
        } catch (BpfException e) {
            session.close();
            throw new Refusal("the kernel refuses it: " + e.getMessage());
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private void check(long mapBytes, boolean confined) {
        if (object.programs().isEmpty()) throw new Refusal("it has no programs");
        for (BpfProgram program : object.programs()) {
            if (Hook.of(program.section()).isEmpty())
                throw new Refusal("program %s is of section %s; what is taken is %s"
                        .formatted(program.name(), program.section(), Hook.ALL));
            if (confined && Hook.of(program.section()).get() instanceof Hook.TypedTracepoint)
                throw new Refusal(("program %s is of section %s, whose programs follow the kernel's pointers: "
                                + "this is not for ProbeSets of every Kubernetes namespace; raw_tp/… and tp/… are")
                        .formatted(program.name(), program.section()));
        }
        for (BpfMap map : object.maps()) {
            if (!KINDS.contains(map.type()))
                throw new Refusal(
                        "map %s is of a kind that is not taken: hashes and arrays are, also per CPU and LRU, and ring buffers"
                                .formatted(map.name()));
        }
        long bytes = object.maps().stream().mapToLong(ObjectSession::bytes).sum();
        if (bytes > mapBytes)
            throw new Refusal(
                    "its maps need %d KiB, and mapMemory allows %d KiB".formatted(bytes >> 10, mapBytes >> 10));
        exports(ObjectTypes.of(object.rawBtf()));
    }

    private void exports(Optional<ObjectTypes> types) {
        exported = object.maps().stream()
                .filter(map -> map.type() != MapType.RINGBUF && ExportedMap.isMeant(map))
                .map(map -> types.flatMap(known -> ExportedMap.of(map, known))
                        .orElseThrow(() -> new Refusal(
                                ("map %s cannot be exported: its values are to be u64, s64 or up to %d u64, "
                                                + "and its keys numbers, text, or a struct of them")
                                        .formatted(map.name(), ExportedMap.MOST_SLOTS))))
                .toList();
        exportedRings = object.maps().stream()
                .filter(map -> map.type() == MapType.RINGBUF)
                .map(map -> ring(map, types))
                .toList();
    }

    private static ExportedRing ring(BpfMap map, Optional<ObjectTypes> types) {
        if (!ExportedMap.isMeant(map))
            throw new Refusal(
                    "nobody reads the ring buffer %s: one that is called otel_NAME is read".formatted(map.name()));
        String struct = map.name().substring(ExportedMap.PREFIX.length());
        return types.flatMap(known -> ExportedRing.of(map, known))
                .orElseThrow(() ->
                        new Refusal(("the records of %s cannot be read: they are to be struct %s, of numbers and text, "
                                        + "and the object's BTF is to know it (const struct %s *unused __attribute__((unused));)")
                                .formatted(map.name(), struct, struct)));
    }

    private static long bytes(BpfMap map) {
        if (map.type() == MapType.RINGBUF) return map.maxEntries();
        long value = (long) map.stride() * map.slots();
        boolean array = map.type() == MapType.ARRAY || map.type() == MapType.PERCPU_ARRAY;
        return map.maxEntries() * (value + (array ? 0 : map.keySize() + BESIDE_ENTRY));
    }

    private void doors(boolean everybody) {
        for (BpfProgram program : object.programs()) {
            Hook hook = Hook.of(program.section()).orElseThrow();
            BpfMap array = Bpf.programArray(program);
            arrays.add(array);
            long[] door = everybody ? Door.open(array) : Door.of(selected, array);
            switch (Bpf.load(program.name(), hook.type(), door, attachTo(hook))) {
                case Bpf.Loaded.Program(var loaded) -> entrances.add(new Entrance(hook, loaded));
                case Bpf.Loaded.Refused(int _, var reason, var log) ->
                    throw new Refusal("the kernel takes no door to %s: %s%n%s".formatted(program.name(), reason, log));
            }
        }
    }

    private int attachTo(Hook hook) {
        if (!(hook instanceof Hook.TypedTracepoint(var name))) return 0;
        return facts.tracepointId(name).orElseThrow(() -> new Refusal("the kernel has no tracepoint " + name));
    }

    /** Processes of these cgroups are seen. */
    public void select(Set<Long> cgroups) {
        Cgroups.make(selected, cgroups);
    }

    public void start() {
        try {
            for (Entrance one : entrances) attach(one);
        } catch (BpfException e) {
            throw new Refusal(e.getMessage());
        }
    }

    private void attach(Entrance one) {
        switch (one.hook()) {
            case Hook.Tracepoint(var category, var name) -> {
                int id = facts.tracepoint(category, name)
                        .orElseThrow(() -> new Refusal("the kernel has no tracepoint " + category + ":" + name))
                        .id();
                PerfEvent event = PerfEvent.tracepoint(category + ":" + name, id);
                attached.push(event);
                attached.push(one.door().attach(event, 0));
            }
            case Hook.RawTracepoint(var name) -> attached.push(one.door().attachTracepoint(name));
            case Hook.TypedTracepoint(var name) -> attached.push(one.door().attachTracepoint(name));
        }
    }

    public List<ExportedMap> exported() {
        return exported;
    }

    public List<Reading> read(ExportedMap map) {
        return Reading.of(map);
    }

    /** Hands out what its ring buffers have. */
    public void drain(Consumer<ObjectRecord> records) {
        rings.drain(records);
    }

    /** Records that were shorter than what they are to be. */
    public long unreadable() {
        return rings.unreadable();
    }

    /** Runs and nanoseconds of each program with what it calls, while the kernel counts them. */
    public Map<String, LoadedProgram.Statistics> statistics() {
        var all = new LinkedHashMap<String, LoadedProgram.Statistics>();
        entrances.forEach(one -> all.put(one.door().name(), one.door().statistics()));
        return all;
    }

    /** Detaches; its maps can still be read. */
    public void stop() {
        while (!attached.isEmpty())
            try {
                attached.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("detaching failed", e);
            }
    }

    @Override
    public void close() {
        stop();
        entrances.forEach(one -> one.door().close());
        arrays.forEach(Bpf::close);
        Bpf.close(selected);
        rings.close();
        object.close();
    }
}
