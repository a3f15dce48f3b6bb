package dev.spandrel.probe.live.facts;

import dev.spandrel.ebpf.Cgroup2;
import dev.spandrel.ebpf.Cpus;
import dev.spandrel.ebpf.Tracefs;
import dev.spandrel.probe.type.Facts;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Tracepoint;
import dev.spandrel.probe.type.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** This host. */
public final class HostFacts implements Facts {
    private static final Map<String, Type> C_TYPES = Map.ofEntries(
            Map.entry("char", new Type.Int(1, true)),
            Map.entry("unsigned char", new Type.Int(1, false)),
            Map.entry("short", new Type.Int(2, true)),
            Map.entry("unsigned short", new Type.Int(2, false)),
            Map.entry("int", new Type.Int(4, true)),
            Map.entry("unsigned int", new Type.Int(4, false)),
            Map.entry("unsigned", new Type.Int(4, false)),
            Map.entry("long", Type.INT64),
            Map.entry("unsigned long", Type.UINT64),
            Map.entry("long long", Type.INT64),
            Map.entry("unsigned long long", Type.UINT64),
            Map.entry("bool", new Type.Int(1, false)),
            Map.entry("void", new Type.Int(1, false)),
            Map.entry("u8", new Type.Int(1, false)),
            Map.entry("u16", new Type.Int(2, false)),
            Map.entry("u32", new Type.Int(4, false)),
            Map.entry("u64", Type.UINT64),
            Map.entry("__u8", new Type.Int(1, false)),
            Map.entry("__u16", new Type.Int(2, false)),
            Map.entry("__u32", new Type.Int(4, false)),
            Map.entry("__u64", Type.UINT64),
            Map.entry("size_t", Type.UINT64),
            Map.entry("pid_t", new Type.Int(4, true)),
            Map.entry("umode_t", new Type.Int(2, false)),
            Map.entry("dev_t", new Type.Int(4, false)),
            Map.entry("sector_t", Type.UINT64));

    /** One of them is there where functions can be called at their entry. */
    private static final List<String> TRAMPOLINES = List.of("register_ftrace_direct", "register_ftrace_direct_multi");

    private final Supplier<Optional<KernelTypes>> types;
    private final Supplier<Map<String, Integer>> syscalls;
    private final Supplier<Optional<Formats>> formats;
    private final Supplier<KernelSymbols> symbols;
    private final Executables executables;
    private final UserTypes userTypes = new UserTypes();

    public HostFacts() {
        types = Once.of(() -> BtfReader.read(Path.of("/sys/kernel/btf/vmlinux")).map(KernelTypes::new));
        syscalls = Once.of(Syscalls::read);
        formats = Once.of(() -> Tracefs.events().map(events -> new Formats(events, this::type)));
        symbols = Once.of(KernelSymbols::read);
        executables = Executables.own();
    }

    private HostFacts(HostFacts same, List<Path> roots) {
        types = same.types;
        syscalls = same.syscalls;
        formats = same.formats;
        symbols = same.symbols;
        executables = new Executables(roots);
    }

    /** Reads, on a thread of its own, what nearly every program asks for. Who needs it sooner waits for no longer than without. */
    public void prepare() {
        Thread.ofPlatform().daemon().name("facts").start(() -> {
            var _ = types.get();
            var _ = syscalls.get();
        });
    }

    /** The same kernel, and files as processes have them whose roots these are; each that differs is one of its own. */
    public HostFacts within(List<Path> roots) {
        return new HostFacts(this, roots);
    }

    public Executables executables() {
        return executables;
    }

    public KernelSymbols kernelSymbols() {
        return symbols.get();
    }

    /** What tells the kernel which tracepoint a typed program is for. */
    public Optional<Integer> tracepointId(String name) {
        return types.get().flatMap(t -> t.tracepointId(name));
    }

    @Override
    public Optional<Type> type(String name) {
        var known = C_TYPES.get(name);
        return known != null ? Optional.of(known) : types.get().flatMap(t -> t.named(name));
    }

    @Override
    public Optional<Layout> layout(String struct) {
        return UserTypes.names(struct) ? userTypes.layout(struct) : types.get().flatMap(t -> t.layout(struct));
    }

    @Override
    public OptionalLong constant(String name) {
        return types.get().flatMap(t -> t.constant(name)).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    @Override
    public List<String> structs() {
        return types.get().map(KernelTypes::structs).orElse(List.of());
    }

    @Override
    public List<String> tracepoints(String category, String name) {
        return formats.get().map(f -> f.list(category, name)).orElse(List.of());
    }

    @Override
    public Optional<Tracepoint> tracepoint(String category, String name) {
        return formats.get().flatMap(f -> f.read(category, name));
    }

    @Override
    public Optional<List<Layout.Member>> rawTracepoint(String name) {
        return types.get().flatMap(t -> t.arguments(name));
    }

    @Override
    public List<String> rawTracepoints(String pattern) {
        if (!pattern.contains("*") && !pattern.contains("?"))
            return tracepointId(pattern).isPresent() ? List.of(pattern) : List.of();
        var wanted = Globs.pattern(pattern);
        return types.get().map(KernelTypes::tracepoints).orElse(List.of()).stream()
                .filter(n -> wanted.matcher(n).matches())
                .toList();
    }

    /** Its number, if it has no name. */
    public String syscallName(int number) {
        return syscalls.get().entrySet().stream()
                .filter(e -> e.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Integer.toString(number));
    }

    @Override
    public OptionalInt syscall(String name) {
        var number = syscalls.get().get(name.replaceFirst("^(enter|exit)_", ""));
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    @Override
    public List<String> functions(String path, String pattern) {
        return executables.matching(path, pattern);
    }

    /** A compiler that has changed how a function is called has given it a name with a dot. */
    @Override
    public List<Layout.Member> userFunction(String path, String name) {
        var function = executables.functions(path).get(name);
        return function == null || name.contains(".") ? List.of() : userTypes.arguments(path, function.address());
    }

    @Override
    public List<String> files(String path) {
        return executables.find(path);
    }

    @Override
    public List<String> staticProbes(String path, String pattern) {
        var wanted = Globs.pattern(pattern);
        return StaticProbes.read(path).keySet().stream()
                .filter(n -> wanted.matcher(n).matches())
                .sorted()
                .toList();
    }

    @Override
    public List<String> staticArguments(String path, String probe) {
        return StaticProbes.read(path).getOrDefault(probe, List.of()).stream()
                .map(StaticProbes.Site::arguments)
                .distinct()
                .toList();
    }

    @Override
    public List<String> iterators() {
        return types.get().map(KernelTypes::iterators).orElse(List.of());
    }

    public List<String> iterators(String pattern) {
        var wanted = Globs.pattern(pattern);
        return iterators().stream().filter(n -> wanted.matcher(n).matches()).toList();
    }

    @Override
    public List<String> kernelFunctions(String pattern) {
        if (!pattern.contains("*") && !pattern.contains("?"))
            return KernelSymbols.address(pattern).isPresent() ? List.of(pattern) : List.of();
        var wanted = Globs.pattern(pattern);
        return symbols.get().names().stream()
                .filter(n -> wanted.matcher(n).matches())
                .toList();
    }

    @Override
    public Optional<List<Layout.Member>> kernelFunction(String name) {
        return types.get().flatMap(t -> t.function(name));
    }

    /** What tells the kernel which of its functions a program is for. */
    public Optional<Integer> functionId(String name) {
        return types.get().flatMap(t -> t.functionId(name));
    }

    @Override
    public OptionalLong kernelSymbol(String name) {
        return KernelSymbols.address(name);
    }

    @Override
    public OptionalLong userSymbol(String path, String name) {
        var function = executables.functions(path).get(name);
        return function == null ? OptionalLong.empty() : OptionalLong.of(function.address());
    }

    @Override
    public OptionalLong cgroup(String path) {
        var folder = Path.of(path);
        var id = Files.isDirectory(folder) ? Cgroup2.id(folder) : Optional.<Long>empty();
        return id.map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    @Override
    public Optional<String> refused(String provider) {
        if (provider.equals("hardware"))
            return Files.isDirectory(Path.of("/sys/bus/event_source/devices/cpu"))
                    ? Optional.empty()
                    : Optional.of("this machine shows no hardware counters");
        if (provider.endsWith("watchpoint"))
            return Files.isDirectory(Path.of("/sys/bus/event_source/devices/breakpoint"))
                    ? Optional.empty()
                    : Optional.of("this kernel has no hardware breakpoints");
        if (provider.equals("kprobe") || provider.equals("kretprobe"))
            return Files.exists(Path.of("/sys/bus/event_source/devices/kprobe/type"))
                    ? Optional.empty()
                    : Optional.of("this kernel refuses: it is built without kprobes");
        return TRAMPOLINES.stream().anyMatch(name -> KernelSymbols.address(name).isPresent())
                ? Optional.empty()
                : Optional.of(
                        "this kernel refuses: its functions have no room for calls (CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)");
    }

    @Override
    public int cpus() {
        return Cpus.possible();
    }

    @Override
    public int ticks() {
        return 100;
    }

    static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
