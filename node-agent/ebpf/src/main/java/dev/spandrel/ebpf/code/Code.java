package dev.spandrel.ebpf.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Questions about a function's code that need all of it. */
public final class Code {
    private Code() {}

    /** By offset; empty if there is anything that cannot be decoded. */
    static Optional<TreeMap<Integer, Instruction>> instructions(byte[] code) {
        var all = new TreeMap<Integer, Instruction>();
        for (int at = 0; at < code.length; ) {
            var decoded = Decoder.decode(code, at);
            if (decoded.isEmpty()) return Optional.empty();
            all.put(at, decoded.get());
            at = decoded.get().next();
        }
        return Optional.of(all);
    }

    /** Offsets of the calls of a function whose entry is so far from this one's. */
    public static List<Integer> callsOf(byte[] code, long target) {
        var calls = new ArrayList<Integer>();
        instructions(code)
                .ifPresent(all -> all.values().stream()
                        .filter(i -> i.isCall() && i.target() == target)
                        .forEach(i -> calls.add(i.offset())));
        return calls;
    }

    /** Of a function that does nothing but return the address of something: that address. `from` is the function's own. */
    public static OptionalLong addressReturned(byte[] code, long from) {
        for (int at = 0; at < code.length; ) {
            var decoded = Decoder.decode(code, at);
            if (decoded.isEmpty() || decoded.get().isTransfer()) break;
            var i = decoded.get();
            if (i.map() == 1 && i.opcode() == 0x8d && i.modrm() == 0x05)
                return OptionalLong.of(from + i.next() + Operands.word(code, i.next() - 4));
            if (i.map() == 1 && i.opcode() == 0xb8)
                return OptionalLong.of(Operands.word(code, i.next() - 4) & 0xffffffffL);
            at = i.next();
        }
        return OptionalLong.empty();
    }

    /** Of a function that returns a pointer in what its first argument points at: where in that it is. */
    public static OptionalInt fieldReturned(byte[] code) {
        for (int at = 0; at < code.length; ) {
            var decoded = Decoder.decode(code, at);
            if (decoded.isEmpty() || decoded.get().isReturn()) break;
            var i = decoded.get();
            var operands = Operands.of(code, i);
            if (i.map() == 1
                    && i.opcode() == 0x8b
                    && (i.rex() & 8) != 0
                    && operands.register() == 0
                    && operands.base() == 7) return OptionalInt.of(operands.displacement());
            at = i.next();
        }
        return OptionalInt.empty();
    }

    /** Where a Go function keeps its first argument in its frame: the distance from the stack pointer, once the frame is made. */
    public static OptionalInt firstArgumentSlot(byte[] code) {
        for (int at = 0; at < Math.min(code.length, 128); ) {
            var decoded = Decoder.decode(code, at);
            if (decoded.isEmpty()) break;
            var i = decoded.get();
            boolean stores = i.map() == 1 && i.opcode() == 0x89 && (i.rex() & 0xc) == 8 && (i.modrm() >> 3 & 7) == 0;
            if (stores && (i.modrm() & 7) == 4 && code[i.next() - (i.modrm() >> 6 == 1 ? 2 : 5)] == 0x24) {
                if (i.modrm() >> 6 == 1) return OptionalInt.of(code[i.next() - 1]);
                if (i.modrm() >> 6 == 2)
                    return OptionalInt.of(code[i.next() - 4] & 0xff
                            | (code[i.next() - 3] & 0xff) << 8
                            | (code[i.next() - 2] & 0xff) << 16);
            }
            if ((Effects.written(i) & 1) != 0) break;
            at = i.next();
        }
        return OptionalInt.empty();
    }
}
