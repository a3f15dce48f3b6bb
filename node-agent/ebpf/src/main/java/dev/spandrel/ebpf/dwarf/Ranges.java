package dev.spandrel.ebpf.dwarf;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;

/** Whether an address is among those of a unit. */
final class Ranges {
    private final ByteBuffer older;
    private final ByteBuffer newer;

    /**
     * @param older .debug_ranges
     * @param newer .debug_rnglists
     */
    Ranges(ByteBuffer older, ByteBuffer newer) {
        this.older = older;
        this.newer = newer;
    }

    /** @param addresses by their index in the unit's table */
    boolean has(Entry root, long address, LongUnaryOperator addresses) {
        long base =
                root.attribute(Dwarf.LOW_PC).map(low -> start(low, addresses)).orElse(0L);
        var ranges = root.attribute(Dwarf.RANGES);
        if (ranges.isPresent())
            return root.unit().version() < 5
                    ? older(ranges.get().value(), base, address)
                    : newer(place(root, ranges.get()), base, address, addresses);
        var high = root.attribute(Dwarf.HIGH_PC);
        if (high.isEmpty()) return false;
        long end = high.get().form() == Form.ADDRESS
                ? high.get().value()
                : base + high.get().value();
        return within(address, base, end);
    }

    static long start(Entry.Attribute low, LongUnaryOperator addresses) {
        return low.form() == Form.ADDRESS ? low.value() : addresses.applyAsLong(low.value());
    }

    private long place(Entry root, Entry.Attribute ranges) {
        if (ranges.form() != Form.RNGLISTX) return ranges.value();
        OptionalLong base = root.number(Dwarf.RNGLISTS_BASE);
        int size = root.unit().wide() ? 8 : 4;
        long first = base.orElse(size == 8 ? 20 : 12);
        return first + new Cursor(newer, first + ranges.value() * size).number(size);
    }

    private boolean older(long at, long start, long address) {
        var from = new Cursor(older, at);
        long base = start;
        while (true) {
            long low = from.number(8);
            long high = from.number(8);
            if (low == 0 && high == 0) return false;
            if (low == -1) base = high;
            else if (within(address, base + low, base + high)) return true;
        }
    }

    private boolean newer(long at, long start, long address, LongUnaryOperator addresses) {
        var from = new Cursor(newer, at);
        long base = start;
        while (true) {
            long low = 0;
            long high = 0;
            switch (from.byte1()) {
                case 0 -> {
                    return false;
                }
                case 1 -> base = addresses.applyAsLong(from.unsigned());
                case 2 -> {
                    low = addresses.applyAsLong(from.unsigned());
                    high = addresses.applyAsLong(from.unsigned());
                }
                case 3 -> {
                    low = addresses.applyAsLong(from.unsigned());
                    high = low + from.unsigned();
                }
                case 4 -> {
                    low = base + from.unsigned();
                    high = base + from.unsigned();
                }
                case 5 -> base = from.number(8);
                case 6 -> {
                    low = from.number(8);
                    high = from.number(8);
                }
                case 7 -> {
                    low = from.number(8);
                    high = low + from.unsigned();
                }
                default -> throw new IndexOutOfBoundsException("range list");
            }
            if (within(address, low, high)) return true;
        }
    }

    private static boolean within(long address, long low, long high) {
        return address >= low && address < high;
    }
}
