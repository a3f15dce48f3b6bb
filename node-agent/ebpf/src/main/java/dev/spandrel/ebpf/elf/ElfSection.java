package dev.spandrel.ebpf.elf;

/** One line of the section table. */
public record ElfSection(String name, int type, long address, long offset, long size, int link, long flags) {
    static final int SYMBOLS = 2;
    static final int DYNAMIC_SYMBOLS = 11;
    static final int NO_BITS = 8;
    private static final long COMPRESSED = 0x800;

    /** Its content begins with a header that says how. */
    public boolean compressed() {
        return (flags & COMPRESSED) != 0;
    }
}
