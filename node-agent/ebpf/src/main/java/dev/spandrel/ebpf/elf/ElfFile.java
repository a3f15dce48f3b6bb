package dev.spandrel.ebpf.elf;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** A 64-bit little-endian ELF file, read into memory as far as it is asked for. */
public final class ElfFile {
    public static final int X86_64 = 62;
    public static final int AARCH64 = 183;
    /** R_X86_64_RELATIVE. */
    private static final int RELATIVE = 8;
    /** Nothing of an ELF file that is asked for is larger. */
    private static final long LARGEST = 512 << 20;
    /** Of what is larger the heap gets nothing: tables of large programs have more bytes than a small heap. */
    private static final long MAPPED_FROM = 64 << 10;

    private final Path path;
    private final int machine;
    private final List<ElfSection> sections;
    private final List<Segment> segments;

    private record Segment(long offset, long address, long size) {}

    /** What opening a file gives. */
    public sealed interface Opened {
        record Elf(ElfFile file) implements Opened {}

        record Refused(String reason) implements Opened {}
    }

    private ElfFile(Path path, int machine, List<ElfSection> sections, List<Segment> segments) {
        this.path = path;
        this.machine = machine;
        this.sections = sections;
        this.segments = segments;
    }

    public static Opened open(Path path) {
        try {
            var header = read(path, 0, 64);
            if (header.remaining() < 64 || header.getInt(0) != 0x464c457f) return new Opened.Refused("no ELF file");
            if (header.get(4) != 2 || header.get(5) != 1) return new Opened.Refused("not 64 bits, little-endian");
            var segments = segments(read(path, header.getLong(32), header.getShort(56) * 56L), header.getShort(56));
            return new Opened.Elf(new ElfFile(path, header.getShort(18), sections(path, header), segments));
        } catch (IOException e) {
            return new Opened.Refused("cannot be read: " + e.getMessage());
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            return new Opened.Refused("broken tables");
        }
    }

    public Path path() {
        return path;
    }

    /** X86_64, AARCH64 or another. */
    public int machine() {
        return machine;
    }

    public Optional<ElfSection> section(String name) {
        return sections.stream().filter(section -> section.name().equals(name)).findFirst();
    }

    /** Lower case hexadecimal, as debuggers name files. */
    public Optional<String> buildId() {
        return section(".note.gnu.build-id")
                .map(this::content)
                .filter(note -> note.remaining() > 16)
                .map(note -> {
                    byte[] id = new byte[note.remaining() - 16];
                    note.get(16, id);
                    return HexFormat.of().formatHex(id);
                });
    }

    /** Functions of the symbol tables whose name passes, by name; of a name that is there twice, the first. */
    public Map<String, ElfFunction> functions(Predicate<String> wanted) {
        var found = new HashMap<String, ElfFunction>();
        for (var section : sections) {
            if (section.type() != ElfSection.SYMBOLS && section.type() != ElfSection.DYNAMIC_SYMBOLS) continue;
            if (section.link() >= sections.size()) continue;
            var names = content(sections.get(section.link()));
            var table = content(section);
            for (int at = 0; at + 24 <= table.remaining(); at += 24) {
                int type = table.get(at + 4) & 0xf;
                long address = table.getLong(at + 8);
                if ((type != 2 && type != 10) || address == 0 || table.getShort(at + 6) == 0) continue;
                var name = text(names, table.getInt(at));
                if (wanted.test(name)) found.putIfAbsent(name, new ElfFunction(name, address, table.getLong(at + 16)));
            }
        }
        return found;
    }

    /** Of a program that Go's linker made, from the table that its own stack traces need: there in stripped files, too. */
    public Map<String, ElfFunction> goFunctions(Predicate<String> wanted) {
        return section(".gopclntab")
                .or(() -> section(".data.rel.ro.gopclntab"))
                .flatMap(table -> section(".text")
                        .map(code -> GoFunctions.read(content(table), code.address(), code.size(), wanted)))
                .orElse(Map.of());
    }

    /** The code that begins at an address, whether it has a name or not; its name here is empty. */
    public Optional<ElfFunction> functionAt(long address) {
        return section(".eh_frame_hdr")
                .map(table -> Unwinding.sizeAt(content(table), table.address(), address))
                .filter(OptionalLong::isPresent)
                .map(size -> new ElfFunction("", address, size.getAsLong()));
    }

    /** The pointers that lie at `count` words from an address, as they are once the file is loaded to where it is linked for; 0 where there is none. */
    public long[] pointers(long address, int count) {
        long[] found = new long[count];
        var words = ByteBuffer.wrap(bytes(address, count * 8L)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; words.remaining() >= 8; i++) found[i] = words.getLong();
        section(".rela.dyn").map(this::content).ifPresent(table -> {
            for (int at = 0; at + 24 <= table.remaining(); at += 24) {
                long word = table.getLong(at) - address;
                if (word >= 0 && word < count * 8L && table.getLong(at + 8) == RELATIVE)
                    found[(int) (word / 8)] = table.getLong(at + 16);
            }
        });
        return found;
    }

    /** Where in the file the byte at a virtual address is: what the kernel takes for a probe's place. */
    public OptionalLong fileOffset(long address) {
        return segments.stream()
                .filter(s -> address >= s.address && address < s.address + s.size)
                .mapToLong(s -> address - s.address + s.offset)
                .findFirst();
    }

    /** The function's bytes; empty if they are not in the file. */
    public byte[] code(ElfFunction function) {
        return bytes(function.address(), function.size());
    }

    public byte[] bytes(long address, long size) {
        var offset = fileOffset(address);
        if (offset.isEmpty()) return new byte[0];
        var content = content(new ElfSection("", 1, address, offset.getAsLong(), size, 0, 0));
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    /** Empty if it cannot be read any more. */
    public ByteBuffer content(ElfSection section) {
        if (section.type() == ElfSection.NO_BITS || section.size() < 0 || section.size() > LARGEST)
            return ByteBuffer.allocate(0);
        try {
            return read(path, section.offset(), section.size());
        } catch (IOException e) {
            return ByteBuffer.allocate(0);
        }
    }

    private static List<Segment> segments(ByteBuffer table, int count) {
        var segments = new ArrayList<Segment>();
        for (int i = 0; i < count; i++) {
            int at = i * 56;
            if (table.getInt(at) == 1)
                segments.add(new Segment(table.getLong(at + 8), table.getLong(at + 16), table.getLong(at + 32)));
        }
        return List.copyOf(segments);
    }

    private static List<ElfSection> sections(Path path, ByteBuffer header) throws IOException {
        int count = header.getShort(60) & 0xffff;
        long from = header.getLong(40);
        if (from == 0 || count == 0) return List.of();
        var table = read(path, from, count * 64L);
        int named = (header.getShort(62) & 0xffff) * 64;
        var names = read(path, table.getLong(named + 24), table.getLong(named + 32));
        var sections = new ArrayList<ElfSection>();
        for (int at = 0; at < count * 64; at += 64) {
            sections.add(new ElfSection(
                    text(names, table.getInt(at)),
                    table.getInt(at + 4),
                    table.getLong(at + 16),
                    table.getLong(at + 24),
                    table.getLong(at + 32),
                    table.getInt(at + 40),
                    table.getLong(at + 8)));
        }
        return List.copyOf(sections);
    }

    static String text(ByteBuffer from, int at) {
        if (at < 0 || at >= from.limit()) return "";
        int end = at;
        while (end < from.limit() && from.get(end) != 0) end++;
        byte[] bytes = new byte[end - at];
        from.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** At most so many bytes. Those of a file that is cut while they are looked at end in an InternalError. */
    private static ByteBuffer read(Path path, long offset, long size) throws IOException {
        if (offset < 0 || size < 0) return ByteBuffer.allocate(0);
        try (var channel = FileChannel.open(path)) {
            long there = Math.min(size, channel.size() - offset);
            if (there <= 0 || there > LARGEST) return ByteBuffer.allocate(0);
            if (there >= MAPPED_FROM)
                return channel.map(FileChannel.MapMode.READ_ONLY, offset, there).order(ByteOrder.LITTLE_ENDIAN);
            var buffer = ByteBuffer.allocate((int) there).order(ByteOrder.LITTLE_ENDIAN);
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {}
            return buffer.flip();
        }
    }
}
