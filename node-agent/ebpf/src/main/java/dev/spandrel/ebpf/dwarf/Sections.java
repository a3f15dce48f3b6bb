package dev.spandrel.ebpf.dwarf;

import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfSection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A file's debug sections, as they were before they were compressed. */
final class Sections {
    private static final String SEPARATE = "/usr/lib/debug/.build-id/";
    private static final int HEADER = 24;
    private static final int ZLIB = 1;
    /** What is larger than this is not unpacked: it would be in memory, and not as pages of the file. */
    private static final long LARGEST = 64 << 20;

    private final ElfFile file;

    private Sections(ElfFile file) {
        this.file = file;
    }

    /** Its own, or those that a package of debug symbols has put beside. */
    static Optional<Sections> of(ElfFile file) {
        if (has(file)) return Optional.of(new Sections(file));
        return file.buildId()
                .filter(id -> id.length() > 2)
                .flatMap(id -> ElfFile.open(Path.of(SEPARATE + id.substring(0, 2), id.substring(2) + ".debug"))
                                instanceof ElfFile.Opened.Elf(var separate)
                        ? Optional.of(separate)
                        : Optional.empty())
                .filter(Sections::has)
                .map(Sections::new);
    }

    private static boolean has(ElfFile file) {
        return file.section(".debug_info").filter(one -> one.size() > 0).isPresent();
    }

    /** Empty where it is not there. */
    ByteBuffer get(String name) {
        return file.section(name).map(this::content).orElseGet(() -> ByteBuffer.allocate(0));
    }

    private ByteBuffer content(ElfSection section) {
        var content = file.content(section);
        if (!section.compressed()) return content;
        var nothing = ByteBuffer.allocate(0);
        if (content.remaining() < HEADER || content.getInt(0) != ZLIB) return nothing;
        long size = content.getLong(8);
        if (size < 0 || size > LARGEST) return nothing;
        var whole = ByteBuffer.allocateDirect((int) size).order(ByteOrder.LITTLE_ENDIAN);
        var inflater = new Inflater();
        try {
            inflater.setInput(content.slice(HEADER, content.remaining() - HEADER));
            while (whole.hasRemaining() && inflater.inflate(whole) > 0) {}
            return whole.hasRemaining() ? nothing : whole.flip();
        } catch (DataFormatException e) {
            return nothing;
        } finally {
            inflater.end();
        }
    }
}
