package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Maps that others made, found by name. Needs CAP_SYS_ADMIN. */
public final class KernelMaps {
    private static final int MAP_NEXT_ID = 12;
    private static final int MAP_FD_BY_ID = 14;
    private static final int OBJ_GET_INFO = 15;
    private static final int INFO_BYTES = 88;
    private static final String MAP_ID = "map_id:";

    private KernelMaps() {}

    /** The map of this name that was made last, by the process if one is given, or what it started. Closed with {@link Bpf#close}. */
    public static Optional<BpfMap> newest(String name, OptionalInt pid) {
        var candidates = pid.isPresent() ? Optional.of(idsOfTree(pid.getAsInt())) : Optional.<Set<Integer>>empty();
        Optional<BpfMap> found = Optional.empty();
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(16, 8);
            int id = 0;
            while (true) {
                attributes.fill((byte) 0);
                attributes.set(JAVA_INT, 0, id);
                if (Kernel.bpf(MAP_NEXT_ID, attributes) < 0) return found;
                id = attributes.get(JAVA_INT, 4);
                if (candidates.isPresent() && !candidates.get().contains(id)) continue;
                var map = open(arena, id).filter(m -> m.name().equals(name));
                if (map.isEmpty()) continue;
                found.ifPresent(Bpf::close);
                found = map;
            }
        }
    }

    private static Optional<BpfMap> open(Arena arena, int id) {
        var attributes = arena.allocate(16, 8);
        attributes.set(JAVA_INT, 0, id);
        int fd = Kernel.bpf(MAP_FD_BY_ID, attributes);
        if (fd < 0) return Optional.empty();
        var information = arena.allocate(INFO_BYTES, 8);
        var asked = arena.allocate(16, 8);
        asked.set(JAVA_INT, 0, fd);
        asked.set(JAVA_INT, 4, INFO_BYTES);
        asked.set(JAVA_LONG, 8, information.address());
        if (Kernel.bpf(OBJ_GET_INFO, asked) < 0) {
            Libc.close(fd);
            return Optional.empty();
        }
        return Optional.of(described(fd, information));
    }

    private static BpfMap described(int fd, MemorySegment information) {
        return new BpfMap(
                information.getString(24),
                MapType.of(information.get(JAVA_INT, 0)),
                fd,
                information.get(JAVA_INT, 8),
                information.get(JAVA_INT, 12),
                information.get(JAVA_INT, 16));
    }

    /** Of the maps that a process has open, or one that it started: it may be a shell that waits for its child. */
    private static Set<Integer> idsOfTree(int pid) {
        var ids = ids(pid);
        ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .forEach(child -> ids.addAll(ids((int) child.pid())));
        return ids;
    }

    /** Of the maps that a process has open. */
    private static Set<Integer> ids(int pid) {
        var ids = new HashSet<Integer>();
        try (var files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path file : files)
                for (String line : Files.readAllLines(file))
                    if (line.startsWith(MAP_ID))
                        ids.add(Integer.parseInt(line.substring(MAP_ID.length()).strip()));
        } catch (IOException | DirectoryIteratorException e) {
            return ids;
        }
        return ids;
    }
}
