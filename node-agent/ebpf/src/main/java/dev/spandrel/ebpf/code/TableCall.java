package dev.spandrel.ebpf.code;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A call through a table of functions, as Rust makes it of a {@code Box<dyn …>} that is a field: the addresses of the object and of its table are two words next to each other, which were loaded from behind
 * one of the caller's arguments.
 */
public final class TableCall {
    /** As many instructions in front of the call are looked at. */
    private static final int NEAR = 12;

    private TableCall() {}

    /** How far behind `argument` such an object's address is, for each of these calls that can be reached. */
    public static List<Integer> fields(byte[] code, int argument) {
        var frames = new TreeMap<>(CallSite.framesOf(code));
        var fields = new ArrayList<Integer>();
        for (int at : frames.keySet()) {
            var call = Decoder.decode(code, at).orElseThrow();
            if (call.isIndirectCall())
                field(code, frames.headMap(at, false).descendingMap(), argument, Operands.of(code, call))
                        .ifPresent(fields::add);
        }
        return fields;
    }

    private static OptionalInt field(byte[] code, NavigableMap<Integer, Frame> before, int argument, Operands call) {
        var near = before.entrySet().stream()
                .limit(NEAR)
                .map(at -> new Load(
                        Operands.of(code, Decoder.decode(code, at.getKey()).orElseThrow()), at.getValue()))
                .filter(load -> load.isFrom(argument))
                .map(Load::operands)
                .toList();
        return near.stream()
                .filter(load -> load.register() == call.base())
                .limit(1)
                .mapToInt(table -> table.displacement() - Long.BYTES)
                .filter(object -> near.stream().anyMatch(load -> load.displacement() == object))
                .findFirst();
    }

    private record Load(Operands operands, Frame frame) {
        /** Of a whole word. */
        boolean isFrom(int argument) {
            var i = operands.instruction();
            return i.map() == 1
                    && i.opcode() == 0x8b
                    && (i.rex() & 8) != 0
                    && operands.base() >= 0
                    && !operands.isIndexed()
                    && frame.holds(operands.base(), argument);
        }
    }
}
