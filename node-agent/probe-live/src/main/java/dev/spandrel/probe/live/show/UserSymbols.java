package dev.spandrel.probe.live.show;

import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import dev.spandrel.probe.live.facts.Demangled;
import dev.spandrel.probe.live.facts.Executables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Names for addresses of processes: from the files that they have mapped, and the perf maps that runtimes with a JIT write. */
final class UserSymbols {
    private record Mapping(long start, long end, long offset, String path) {}

    private final Executables executables;
    private final Map<Integer, List<Mapping>> mappings = new HashMap<>();
    private final Map<String, NavigableMap<Long, ElfFunction>> byAddress = new HashMap<>();
    private final Map<Integer, NavigableMap<Long, ElfFunction>> perfMaps = new HashMap<>();

    UserSymbols(Executables executables) {
        this.executables = executables;
    }

    String show(int pid, long address, boolean offset) {
        var mapping = mapping(pid, address);
        Optional<String> found = mapping.flatMap(m -> inFile(pid, m, address, offset))
                .or(() -> named(perfMaps.computeIfAbsent(pid, UserSymbols::perfMap), address, offset));
        return found.orElse("0x" + Long.toHexString(address));
    }

    String file(int pid, long address) {
        return mapping(pid, address).map(Mapping::path).orElse("[unknown]");
    }

    private Optional<Mapping> mapping(int pid, long address) {
        return mappings.computeIfAbsent(pid, UserSymbols::read).stream()
                .filter(m ->
                        Long.compareUnsigned(address, m.start()) >= 0 && Long.compareUnsigned(address, m.end()) < 0)
                .findFirst();
    }

    private Optional<String> inFile(int pid, Mapping mapping, long address, boolean offset) {
        var inRoot = Path.of("/proc/" + pid + "/root" + mapping.path());
        String path = Files.exists(inRoot) ? inRoot.toString() : mapping.path();
        var functions = byAddress.computeIfAbsent(path, this::sorted);
        if (functions.isEmpty() || !(ElfFile.open(Path.of(path)) instanceof ElfFile.Opened.Elf(var elf)))
            return Optional.empty();
        // Both are in one segment: the distance in the file is the distance in memory.
        long inFile = address - mapping.start() + mapping.offset();
        var first = functions.firstEntry().getValue();
        long shift = first.address() - elf.fileOffset(first.address()).orElse(first.address());
        return named(functions, inFile + shift, offset);
    }

    private static Optional<String> named(NavigableMap<Long, ElfFunction> functions, long address, boolean offset) {
        var entry = functions.floorEntry(address);
        if (entry == null) return Optional.empty();
        var function = entry.getValue();
        long inside = address - function.address();
        if (function.size() > 0 && inside > function.size()) return Optional.empty();
        String name = Demangled.of(function.name());
        return Optional.of(offset ? name + "+" + inside : name);
    }

    private NavigableMap<Long, ElfFunction> sorted(String path) {
        var sorted = new TreeMap<Long, ElfFunction>();
        executables.functions(path).values().forEach(f -> sorted.putIfAbsent(f.address(), f));
        return sorted;
    }

    private static List<Mapping> read(int pid) {
        var found = new ArrayList<Mapping>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
                var fields = line.split("\\s+", 6);
                if (fields.length < 6 || !fields[1].contains("x") || !fields[5].startsWith("/")) continue;
                int dash = fields[0].indexOf('-');
                found.add(new Mapping(
                        Long.parseUnsignedLong(fields[0].substring(0, dash), 16),
                        Long.parseUnsignedLong(fields[0].substring(dash + 1), 16),
                        Long.parseUnsignedLong(fields[2], 16),
                        fields[5].replace(" (deleted)", "")));
            }
        } catch (IOException | NumberFormatException e) {
            return List.of();
        }
        return found;
    }

    private static NavigableMap<Long, ElfFunction> perfMap(int pid) {
        var found = new TreeMap<Long, ElfFunction>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/root/tmp/perf-" + pid + ".map"))) {
                var fields = line.split(" ", 3);
                if (fields.length < 3) continue;
                long start = Long.parseUnsignedLong(fields[0].replace("0x", ""), 16);
                found.put(
                        start,
                        new ElfFunction(fields[2], start, Long.parseUnsignedLong(fields[1].replace("0x", ""), 16)));
            }
        } catch (IOException | NumberFormatException e) {
            return new TreeMap<>();
        }
        return found;
    }
}
