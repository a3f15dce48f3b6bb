package dev.spandrel.probe.live.show;

import dev.spandrel.ebpf.elf.ElfFunction;
import dev.spandrel.probe.live.facts.Demangled;
import dev.spandrel.probe.live.facts.FileIdentity;
import dev.spandrel.probe.live.profile.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Names for addresses of processes: from the files that they have mapped, and the perf maps that runtimes with a JIT write. */
final class UserSymbols {
    /** Files whose functions are kept. */
    private static final int FILES = 32;

    private record Mapping(long start, long end, long offset, String path) {}

    private record Named(String function, long inside) {
        String show(boolean offset) {
            return offset ? function + "+" + inside : function;
        }
    }

    private final Map<Integer, List<Mapping>> mappings = new HashMap<>();
    private final Map<Integer, NavigableMap<Long, ElfFunction>> perfMaps = new HashMap<>();
    /** By path as this process has it. */
    private final Map<String, String> identities = new HashMap<>();

    /** By identity: what many processes have is read once. */
    private final Map<String, FileSymbols> files = new LinkedHashMap<>(FILES, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FileSymbols> eldest) {
            return size() > FILES;
        }
    };

    /** Processes map other files in time, and their numbers are given anew. */
    void forgetProcesses() {
        mappings.clear();
        perfMaps.clear();
        identities.clear();
    }

    String show(int pid, long address, boolean offset) {
        return mapping(pid, address)
                .flatMap(m -> inFile(pid, m, address))
                .or(() -> made(pid, address))
                .map(named -> named.show(offset))
                .orElse("0x" + Long.toHexString(address));
    }

    Frame frame(int pid, long address) {
        Optional<Mapping> mapping = mapping(pid, address);
        if (mapping.isEmpty()) {
            return new Frame(made(pid, address).map(Named::function).orElse(""), "", 0, Frame.Kind.OTHER);
        }
        Mapping in = mapping.get();
        return new Frame(
                inFile(pid, in, address).map(Named::function).orElse(""),
                in.path(),
                placeInFile(in, address) + symbols(pid, in).shift(),
                Frame.Kind.NATIVE);
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

    private Optional<Named> inFile(int pid, Mapping mapping, long address) {
        FileSymbols symbols = symbols(pid, mapping);
        return named(symbols.functions(), placeInFile(mapping, address) + symbols.shift());
    }

    /** Both are in one segment: the distance in the file is the distance in memory. */
    private static long placeInFile(Mapping mapping, long address) {
        return address - mapping.start() + mapping.offset();
    }

    private FileSymbols symbols(int pid, Mapping mapping) {
        var inRoot = Path.of("/proc/" + pid + "/root" + mapping.path());
        String path = Files.exists(inRoot) ? inRoot.toString() : mapping.path();
        String identity =
                identities.computeIfAbsent(path, p -> FileIdentity.of(p).orElse(""));
        return identity.isEmpty()
                ? FileSymbols.NONE
                : files.computeIfAbsent(identity, _ -> FileSymbols.read(Path.of(path)));
    }

    private Optional<Named> made(int pid, long address) {
        return named(perfMaps.computeIfAbsent(pid, UserSymbols::perfMap), address);
    }

    private static Optional<Named> named(NavigableMap<Long, ElfFunction> functions, long address) {
        var entry = functions.floorEntry(address);
        if (entry == null) return Optional.empty();
        var function = entry.getValue();
        long inside = address - function.address();
        if (function.size() > 0 && inside > function.size()) return Optional.empty();
        return Optional.of(new Named(Demangled.of(function.name()), inside));
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
