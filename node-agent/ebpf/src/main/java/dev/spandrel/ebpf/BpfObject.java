package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One ELF object: opened, adjusted, loaded, closed. Closing detaches nothing: close the links first.
 * Maps and programs belong to the object and refuse to be used once it is closed.
 */
public final class BpfObject implements AutoCloseable {
    private static final int LOG_LINES = 25;
    private static final String AGENT_DATA = ".data.agent";

    private final String name;
    private final Arena arena;
    private final MemorySegment image;
    private final MemorySegment object;
    private final byte[] rawBtf;
    private final Btf btf;
    private final Map<String, BpfMap> maps = new TreeMap<>();
    private final Map<String, BpfProgram> programs = new TreeMap<>();
    private final List<BpfObject> parts = new ArrayList<>();
    private final Optional<OpenFile> noTypes;
    private volatile boolean open = true;
    private volatile boolean loaded;

    private BpfObject(
            String name,
            Arena arena,
            MemorySegment image,
            MemorySegment object,
            byte[] rawBtf,
            Btf btf,
            Optional<OpenFile> noTypes) {
        this.name = name;
        this.arena = arena;
        this.image = image;
        this.object = object;
        this.rawBtf = rawBtf;
        this.btf = btf;
        this.noTypes = noTypes;
        for (var map = next(MemorySegment.NULL, true); map.address() != 0; map = next(map, true)) {
            var wrapped = new BpfMap(this, map);
            maps.put(wrapped.name(), wrapped);
        }
        for (var p = next(MemorySegment.NULL, false); p.address() != 0; p = next(p, false)) {
            var wrapped = new BpfProgram(this, p);
            programs.put(wrapped.name(), wrapped);
        }
    }

    public static BpfObject open(Path elf, String name) {
        try {
            return open(Files.readAllBytes(elf), name);
        } catch (IOException e) {
            throw new UncheckedIOException("BPF object " + elf, e);
        }
    }

    /** `name` is what the kernel shows for internal maps; at most 15 characters are kept. */
    public static BpfObject open(byte[] elf, String name) {
        return open(elf, name, Optional.empty());
    }

    /**
     * As {@link #open}, to be loaded by {@link #load(Predicate)}: where there are two processors, this object itself has to load only the maps. They need none of the kernel's types, which libbpf
     * would read and search for the programs' sake, so it is given a file without any.
     */
    public static BpfObject openForTwo(byte[] elf, String name) {
        if (Runtime.getRuntime().availableProcessors() < 2) return open(elf, name);
        return open(elf, name, Optional.of(OpenFile.of("no-types", Btf.none())));
    }

    @SuppressWarnings("MustBeClosed") // the object owns the arena and closes it
    private static BpfObject open(byte[] elf, String name, Optional<OpenFile> noTypes) {
        var arena = Arena.ofShared();
        try {
            // libbpf keeps pointers into the ELF image until the object is loaded.
            var image = arena.allocate(elf.length, 8).copyFrom(MemorySegment.ofArray(elf));
            var object = open(arena, image, name, noTypes);
            var rawBtf = readBtf(object);
            return new BpfObject(
                    name, arena, image, object, rawBtf, rawBtf.length == 0 ? Btf.EMPTY : Btf.parse(rawBtf), noTypes);
        } catch (RuntimeException e) {
            arena.close();
            noTypes.ifPresent(OpenFile::close);
            throw e;
        }
    }

    /** struct bpf_object_open_opts: its size, object_name and btf_custom_path. */
    private static MemorySegment open(Arena arena, MemorySegment image, String name, Optional<OpenFile> types) {
        var opts = arena.allocate(80, 8);
        opts.set(JAVA_LONG, 0, opts.byteSize());
        opts.set(ADDRESS, 8, arena.allocateFrom(name));
        types.ifPresent(
                file -> opts.set(ADDRESS, 48, arena.allocateFrom(file.path().toString())));
        return Libbpf.bpf_object__open_mem(image, opts, name);
    }

    public String name() {
        return name;
    }

    /** The object's own types. */
    public Btf btf() {
        return btf;
    }

    /** Those as they are in the file; empty: it has none. */
    public byte[] rawBtf() {
        return rawBtf.clone();
    }

    /** Before load: no map is pinned, nor taken from where one of that name is pinned, whatever the object says. */
    public BpfObject unpin() {
        ensureOpen();
        maps.values()
                .forEach(map -> check(
                        Libbpf.bpf_map__set_pin_path(map.handle(), MemorySegment.NULL),
                        "bpf_map__set_pin_path",
                        map.name()));
        return this;
    }

    /** Before load. */
    public BpfObject setMaxEntries(String map, int entries) {
        ensureOpen();
        check(Libbpf.bpf_map__set_max_entries(map(map).handle(), entries), "bpf_map__set_max_entries", map);
        return this;
    }

    /** Before load: this object's map of that name is the other's. */
    public BpfObject share(BpfObject other, String map) {
        ensureOpen();
        other.ensureLoaded();
        check(Libbpf.bpf_map__reuse_fd(map(map).handle(), other.map(map).fd()), "bpf_map__reuse_fd", map);
        return this;
    }

    /** Before load: the program is left out. */
    public BpfObject disable(String program) {
        ensureOpen();
        program(program).disable();
        return this;
    }

    /** Before load: where a global variable's initial value is. `const volatile` ones are in `.rodata`. */
    public MemorySegment global(String variable) {
        ensureOpen();
        if (loaded) throw new IllegalStateException(name + " is loaded: globals are set before");
        for (var section : List.of(".rodata", ".data", ".bss", AGENT_DATA)) {
            var place = btf.variable(section, variable);
            if (place.isEmpty()) continue;
            for (var map : maps.values()) {
                if (!map.name().endsWith(section)) continue;
                var value = Libbpf.bpf_map__initial_value(map.handle());
                return value.asSlice(place.get().offset(), place.get().size());
            }
        }
        throw new IllegalArgumentException(name + " has no global variable " + variable);
    }

    /** After load or {@link #adopt}: a variable of the section that processes write. */
    public void setGlobal(String variable, int value) {
        var map = map(AGENT_DATA);
        var place = btf.variable(AGENT_DATA, variable).orElseThrow(() -> new IllegalArgumentException(variable));
        try (var values = Arena.ofConfined()) {
            var key = map.allocateKey(values);
            var all = map.allocateValue(values);
            map.lookup(key, all);
            all.set(JAVA_INT, place.offset(), value);
            map.update(key, all);
        }
    }

    /** The exception carries the last lines of what libbpf and the verifier said. */
    public BpfObject load() {
        ensureOpen();
        if (noTypes.isPresent() && !programs.values().stream().allMatch(BpfProgram::disabled))
            throw new IllegalStateException(name + " is opened to be loaded by two threads");
        var recorded = LibbpfLog.recording(() -> Libbpf.bpf_object__load(object));
        if (recorded.result() < 0)
            throw new BpfException("bpf_object__load(" + name + "): " + Libc.strerror(-recorded.result()) + "\n"
                    + lastLines(recorded.text()));
        loaded = true;
        return this;
    }

    /**
     * As {@link #load()}, by two threads where it was {@link #openForTwo opened for that} and there are two processors: those programs are loaded by another one, meanwhile. The kernel's verifier takes most of the time, and it does not keep
     * others from verifying. A program array that names programs in the object is not filled.
     */
    public BpfObject load(Predicate<BpfProgram> beside) {
        ensureOpen();
        if (noTypes.isEmpty()) return load();
        var wanted = programs.values().stream()
                .filter(program -> !program.disabled())
                .toList();
        var halves = wanted.stream().collect(Collectors.partitioningBy(beside));
        wanted.forEach(BpfProgram::disable);
        load(); // the maps, which both halves use
        var other = part(halves.get(true));
        var own = part(halves.get(false));
        try (var thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("load").factory())) {
            var loading = thread.submit(() -> other.load());
            own.load();
            loading.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BpfException refused) throw refused;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while loading " + name, e);
        }
        halves.forEach(
                (at, some) -> some.forEach(program -> program.takeOver((at ? other : own).program(program.name()))));
        return this;
    }

    /** The same object once more, with this one's maps and some of its programs; closed with this one. */
    @SuppressWarnings("MustBeClosed") // the part owns the arena and closes it
    private BpfObject part(List<BpfProgram> some) {
        var part = new BpfObject(
                name,
                Arena.ofShared(),
                image,
                open(arena, image, name, Optional.empty()),
                rawBtf,
                btf,
                Optional.empty());
        parts.add(part);
        part.maps.keySet().forEach(map -> part.share(this, map));
        part.programs.keySet().forEach(part::disable);
        some.forEach(program -> part.program(program.name()).enableAs(program));
        return part;
    }

    /** After load: maps and programs get names in a directory of a BPF file system, by which another process can {@link #adopt} them. */
    public void pin(Path directory) {
        ensureLoaded();
        shared().forEach(map -> Pin.make(Pin.of(directory, "map", map.name()), map.fd()));
        programs.values().forEach(program -> Pin.make(Pin.of(directory, "program", program.name()), program.fd()));
    }

    /** Instead of load: what another process loaded of the same object and pinned there. */
    public BpfObject adopt(Path directory) {
        ensureOpen();
        for (var map : shared()) {
            int fd = Pin.open(Pin.of(directory, "map", map.name()));
            int result = Libbpf.bpf_map__reuse_fd(map.handle(), fd);
            Libc.close(fd); // it has one of its own
            check(result, "bpf_map__reuse_fd", map.name());
        }
        programs.values().forEach(program -> program.adopt(Pin.open(Pin.of(directory, "program", program.name()))));
        loaded = true;
        return this;
    }

    /** What is read or written after loading: all maps but those of variables that are the programs' own. */
    private List<BpfMap> shared() {
        return maps.values().stream()
                .filter(map -> !map.name().endsWith(".rodata") && !map.name().endsWith(".bss"))
                .toList();
    }

    public BpfMap map(String map) {
        var found = maps.get(map);
        if (found == null) throw new IllegalArgumentException(name + " has no map " + map + ", only " + maps.keySet());
        return found;
    }

    public BpfProgram program(String program) {
        var found = programs.get(program);
        if (found == null)
            throw new IllegalArgumentException(name + " has no program " + program + ", only " + programs.keySet());
        return found;
    }

    /** By name. */
    public List<BpfMap> maps() {
        return List.copyOf(maps.values());
    }

    /** By name. */
    public List<BpfProgram> programs() {
        return List.copyOf(programs.values());
    }

    @Override
    public synchronized void close() {
        if (!open) return;
        open = false;
        programs.values().forEach(BpfProgram::close);
        parts.forEach(BpfObject::close);
        Libbpf.bpf_object__close(object);
        arena.close();
        noTypes.ifPresent(OpenFile::close);
    }

    void ensureOpen() {
        if (!open) throw new IllegalStateException("BPF object " + name + " is closed");
    }

    void ensureLoaded() {
        ensureOpen();
        if (!loaded) throw new IllegalStateException("BPF object " + name + " is not loaded");
    }

    private MemorySegment next(MemorySegment previous, boolean map) {
        return map ? Libbpf.bpf_object__next_map(object, previous) : Libbpf.bpf_object__next_program(object, previous);
    }

    private static byte[] readBtf(MemorySegment object) {
        var btf = Libbpf.bpf_object__btf(object);
        return btf.address() == 0 ? new byte[0] : Libbpf.btf__raw_data(btf).toArray(JAVA_BYTE);
    }

    private static void check(int result, String call, String what) {
        if (result < 0) throw new BpfException(call + "(" + what + ")", -result);
    }

    private static String lastLines(String text) {
        var lines = text.lines().filter(line -> !line.isBlank()).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }
}
