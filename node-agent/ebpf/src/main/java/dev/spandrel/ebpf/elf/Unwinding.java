package dev.spandrel.ebpf.elf;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** The table by which a stack is unwound, there in stripped files too: where each piece of code begins, in order. */
final class Unwinding {
    /** Encodings of what nearly all linkers write: a count of four bytes, and pairs of four bytes from the table's own address. */
    private static final int COUNT_OF_FOUR_BYTES = 0x03;

    private static final int PAIRS_FROM_TABLE = 0x3b;
    private static final int HEADER = 12;

    private Unwinding() {}

    /** Size of the piece that begins at an address: as far as the next one. */
    static OptionalLong sizeAt(ByteBuffer table, long tableAddress, long address) {
        if (table.remaining() < HEADER || table.get(2) != COUNT_OF_FOUR_BYTES || table.get(3) != PAIRS_FROM_TABLE)
            return OptionalLong.empty();
        int count = Math.min(table.getInt(8), (table.remaining() - HEADER) / 8);
        int low = 0;
        for (int high = count - 1; low < high; ) {
            int middle = (low + high) >>> 1;
            if (begin(table, middle) + tableAddress < address) low = middle + 1;
            else high = middle;
        }
        return low + 1 < count && begin(table, low) + tableAddress == address
                ? OptionalLong.of(begin(table, low + 1) + tableAddress - address)
                : OptionalLong.empty();
    }

    private static long begin(ByteBuffer table, int entry) {
        return table.getInt(HEADER + entry * 8);
    }
}
