package dev.spandrel.ebpf.dwarf;

/**
 * One compilation unit's header.
 *
 * @param offset of it in .debug_info
 * @param end one past its last byte
 * @param first where its first entry is
 * @param whole whether it is of a kind that is read
 * @param abbreviations where in .debug_abbrev its table is
 */
record Unit(
        int offset,
        int end,
        int first,
        int version,
        boolean wide,
        int addressBytes,
        boolean whole,
        long abbreviations) {
    private static final int COMPILED = 1;
    private static final int PARTIAL = 3;

    static Unit read(Cursor from) {
        int offset = from.at;
        long length = from.number(4);
        boolean wide = length == 0xffffffffL;
        if (wide) length = from.number(8);
        if (length < 0) throw new IndexOutOfBoundsException("length");
        int end = Math.toIntExact(Math.addExact(from.at, length));
        int version = (int) from.number(2);
        int kind = version >= 5 ? from.byte1() : COMPILED;
        int addressBytes = version >= 5 ? from.byte1() : 0;
        long table = from.offset(wide);
        if (version < 5) addressBytes = from.byte1();
        boolean whole = version >= 2 && version <= 5 && (kind == COMPILED || kind == PARTIAL) && addressBytes == 8;
        return new Unit(offset, end, from.at, version, wide, addressBytes, whole, table);
    }
}
