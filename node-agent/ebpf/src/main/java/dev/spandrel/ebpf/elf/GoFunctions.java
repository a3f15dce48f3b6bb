package dev.spandrel.ebpf.elf;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Go's table of functions (pclntab), as its linker has written it since Go 1.18. */
final class GoFunctions {
    private static final int GO_1_18 = 0xfffffff0;
    private static final int GO_1_20 = 0xfffffff1;

    private GoFunctions() {}

    static Map<String, ElfFunction> read(ByteBuffer table, long text, long size, Predicate<String> wanted) {
        try {
            return find(table, text, size, wanted);
        } catch (IndexOutOfBoundsException e) {
            return Map.of();
        }
    }

    private static Map<String, ElfFunction> find(ByteBuffer table, long text, long size, Predicate<String> wanted) {
        int magic = table.getInt(0);
        if ((magic != GO_1_18 && magic != GO_1_20) || table.get(7) != 8) return Map.of();
        int count = (int) table.getLong(8);
        // Where the linker does not say where the code starts, it is the section.
        long start = table.getLong(24) == 0 ? text : table.getLong(24);
        int names = (int) table.getLong(32), functions = (int) table.getLong(64);
        var found = new HashMap<String, ElfFunction>();
        for (int i = 0; i < count; i++) {
            int at = functions + i * 8;
            long from = Integer.toUnsignedLong(table.getInt(at)), to = Integer.toUnsignedLong(table.getInt(at + 8));
            var name = ElfFile.text(table, names + table.getInt(functions + table.getInt(at + 4) + 4));
            if (to > from && from < size && wanted.test(name))
                found.putIfAbsent(name, new ElfFunction(name, start + from, to - from));
        }
        return found;
    }
}
