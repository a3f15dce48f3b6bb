package dev.spandrel.probe.live.facts;

import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Executables and libraries: where they are and which functions they have. */
public final class Executables {
    private static final List<String> LIBRARIES = List.of(
            "/lib/x86_64-linux-gnu",
            "/usr/lib/x86_64-linux-gnu",
            "/lib/aarch64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/lib64",
            "/usr/lib64",
            "/lib",
            "/usr/lib");

    /** By path: what was read, and of which state of the file. */
    private final Map<String, Functions> functions = new HashMap<>();

    private record Functions(FileIdentity.State of, Map<String, ElfFunction> all) {}

    private final Map<String, Set<String>> asked = new HashMap<>();
    /** Where processes that are meant have their files; none: there is no process yet. */
    private final List<Path> roots;

    /** As this process has them. */
    static Executables own() {
        return new Executables(List.of(Path.of("")));
    }

    Executables(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /** Each file once, however many processes have it. */
    synchronized List<String> find(String name) {
        Map<String, String> files = new LinkedHashMap<>();
        for (Path root : roots)
            find(root.toString(), name)
                    .ifPresent(file -> FileIdentity.of(file).ifPresent(identity -> files.putIfAbsent(identity, file)));
        asked.put(name, Set.copyOf(files.keySet()));
        return List.copyOf(files.values());
    }

    /** What was looked for in the roots of processes, and which files were found. */
    public synchronized Map<String, Set<String>> asked() {
        return Map.copyOf(asked);
    }

    /** Whether one of them has a file now, of those that these looked for, that they had not found. */
    public boolean hasMoreThan(Map<String, Set<String>> before) {
        return before.entrySet().stream().anyMatch(one -> {
            find(one.getKey());
            return !one.getValue().containsAll(asked().get(one.getKey()));
        });
    }

    private static Optional<String> find(String root, String name) {
        if (name.contains("/"))
            return Files.isRegularFile(Path.of(root + name)) ? Optional.of(root + name) : Optional.empty();
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        for (String folder : path.split(":")) {
            var file = Path.of(root + folder, name);
            if (Files.isExecutable(file) && Files.isRegularFile(file)) return Optional.of(file.toString());
        }
        return library(root, name);
    }

    /** libc stands for libc.so.6. */
    private static Optional<String> library(String root, String name) {
        for (String library : LIBRARIES) {
            String folder = root + library;
            if (!Files.isDirectory(Path.of(folder))) continue;
            for (String exact : List.of(name, name + ".so"))
                if (name.contains(".so") && Files.isRegularFile(Path.of(folder, exact)))
                    return Optional.of(folder + "/" + exact);
            try (var found = Files.newDirectoryStream(Path.of(folder), name + ".so.*")) {
                for (Path file : found) return Optional.of(file.toString());
            } catch (java.io.IOException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** In order of their names; of the file that is there now, for another may have taken its place. */
    public synchronized Map<String, ElfFunction> functions(String path) {
        var now = FileIdentity.State.of(Path.of(path));
        var known = functions.get(path);
        if (known != null && now.filter(known.of()::equals).isPresent()) return known.all();
        var read = read(path);
        now.ifPresentOrElse(state -> functions.put(path, new Functions(state, read)), () -> functions.remove(path));
        return read;
    }

    private static Map<String, ElfFunction> read(String path) {
        if (!(ElfFile.open(Path.of(path)) instanceof ElfFile.Opened.Elf(var elf))) return Map.of();
        var all = new TreeMap<>(elf.functions(name -> true));
        elf.goFunctions(name -> true).forEach(all::putIfAbsent);
        return all;
    }

    /** By the names that authors of C++ and Rust gave, with parameters or without. */
    private static List<String> written(Set<String> names, String pattern) {
        var wanted = Globs.pattern(pattern);
        return names.stream()
                .filter(name -> {
                    String shown = Demangled.of(name);
                    int parameters = shown.indexOf('(');
                    return !shown.equals(name)
                            && (wanted.matcher(shown).matches()
                                    || parameters > 0
                                            && wanted.matcher(shown.substring(0, parameters))
                                                    .matches());
                })
                .toList();
    }

    List<String> matching(String path, String pattern) {
        var all = functions(path);
        if (all.containsKey(pattern)) return List.of(pattern);
        if (pattern.contains("::") || pattern.contains("(")) return written(all.keySet(), pattern);
        if (!pattern.contains("*") && !pattern.contains("?"))
            return all.containsKey(pattern) ? List.of(pattern) : List.of();
        var wanted = Globs.pattern(pattern);
        return all.keySet().stream()
                .filter(name -> wanted.matcher(name).matches())
                .toList();
    }
}
