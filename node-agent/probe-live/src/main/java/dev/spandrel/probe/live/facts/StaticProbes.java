package dev.spandrel.probe.live.facts;

import dev.spandrel.ebpf.elf.ElfFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Static probes (SystemTap's notes) of a file. */
public final class StaticProbes {
    private static final int STAPSDT = 3;

    /** @param address of the probed instruction @param semaphore address of the counter of listeners; 0: none */
    public record Site(long address, long semaphore, String arguments) {}

    private StaticProbes() {}

    /** By provider:name; one probe may stand in several places. */
    public static Map<String, List<Site>> read(String path) {
        var found = new LinkedHashMap<String, List<Site>>();
        if (!(ElfFile.open(Path.of(path)) instanceof ElfFile.Opened.Elf(var elf))) return found;
        var notes = elf.section(".note.stapsdt").map(elf::content);
        if (notes.isEmpty()) return found;
        long base = elf.section(".stapsdt.base").map(s -> s.address()).orElse(0L);
        var bytes = notes.get();
        try {
            while (bytes.remaining() >= 12) note(bytes, base, found);
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
            return found;
        }
        return found;
    }

    private static void note(ByteBuffer bytes, long base, Map<String, List<Site>> found) {
        int nameBytes = bytes.getInt();
        int size = bytes.getInt();
        int type = bytes.getInt();
        bytes.position(bytes.position() + (nameBytes + 3 & -4));
        int next = bytes.position() + (size + 3 & -4);
        if (type == STAPSDT) {
            long moved = bytes.getLong();
            long noted = bytes.getLong();
            long semaphore = bytes.getLong();
            // A linker that moved the code moved the base section with it.
            long shift = base == 0 ? 0 : base - noted;
            String provider = text(bytes);
            String name = text(bytes);
            String arguments = text(bytes);
            found.computeIfAbsent(provider + ":" + name, k -> new ArrayList<>())
                    .add(new Site(moved + shift, semaphore == 0 ? 0 : semaphore + shift, arguments));
        }
        bytes.position(Math.min(next, bytes.limit()));
    }

    private static String text(ByteBuffer bytes) {
        int start = bytes.position();
        while (bytes.get() != 0) {}
        var content = new byte[bytes.position() - 1 - start];
        bytes.get(start, content);
        return new String(content, StandardCharsets.UTF_8);
    }
}
