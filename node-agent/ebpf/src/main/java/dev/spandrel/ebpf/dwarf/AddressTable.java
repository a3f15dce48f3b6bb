package dev.spandrel.ebpf.dwarf;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/** .debug_aranges: which unit an address is of, for the units that compilers list there. */
final class AddressTable {
    private final ByteBuffer table;
    private final Set<Integer> listed = new HashSet<>();

    AddressTable(ByteBuffer table) {
        this.table = table;
        for (var from = new Cursor(table, 0); !from.atEnd(); ) {
            var set = Part.read(from);
            if (set.ranges()) listed.add(set.unit());
            from.at = set.end();
        }
    }

    /** Of one unit; `first` is where its ranges begin. */
    private record Part(int unit, int first, int end, boolean ranges) {
        static Part read(Cursor from) {
            int start = from.at;
            long length = from.number(4);
            boolean wide = length == 0xffffffffL;
            if (wide) length = from.number(8);
            if (length < 0) throw new IndexOutOfBoundsException("length");
            int end = Math.toIntExact(from.at + length);
            from.skip(2);
            int unit = Math.toIntExact(from.offset(wide));
            boolean plain = from.byte1() == 8 && from.byte1() == 0;
            int first = start + (from.at - start + 15) / 16 * 16;
            return new Part(unit, first, end, plain && first + 32 <= end);
        }
    }

    boolean lists(Unit unit) {
        return listed.contains(unit.offset());
    }

    /** The unit's offset. */
    OptionalInt unit(long address) {
        for (var from = new Cursor(table, 0); !from.atEnd(); ) {
            var set = Part.read(from);
            from.at = set.first();
            while (set.ranges() && from.at + 16 <= set.end()) {
                long low = from.number(8);
                if (address - low >= 0 && address - low < from.number(8)) return OptionalInt.of(set.unit());
            }
            from.at = set.end();
        }
        return OptionalInt.empty();
    }
}
