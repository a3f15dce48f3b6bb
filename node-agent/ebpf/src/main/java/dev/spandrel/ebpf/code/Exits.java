package dev.spandrel.ebpf.code;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a function's result is seen without a return probe: places that the kernel emulates, of which every way out passes exactly one, with the result in its register (rax)
 * already. Compilers that guard the stack leave one: the jump in front of the return.
 */
public final class Exits {
    private static final int RAX = 1;

    private final byte[] code;
    private final TreeMap<Integer, Instruction> instructions;
    private final Map<Integer, List<Instruction>> jumpers = new HashMap<>();

    private Exits(byte[] code, TreeMap<Integer, Instruction> instructions) {
        this.code = code;
        this.instructions = instructions;
        for (var i : instructions.values()) {
            if (i.isJump() || i.isConditionalJump() || i.isCountedJump())
                jumpers.computeIfAbsent(i.target(), at -> new ArrayList<>()).add(i);
        }
    }

    /** Offsets; empty where there is a way out without such a place, or where the code cannot be told. */
    public static Optional<List<Integer>> of(byte[] code) {
        return Code.instructions(code).flatMap(all -> new Exits(code, all).places());
    }

    /** The return instructions themselves; empty where there is none, a jump leads out, or the code cannot be told. */
    public static Optional<List<Integer>> returns(byte[] code) {
        return Code.instructions(code).flatMap(all -> new Exits(code, all).returnInstructions());
    }

    private Optional<List<Integer>> returnInstructions() {
        if (instructions.values().stream().anyMatch(this::leaves)) return Optional.empty();
        var found = instructions.values().stream()
                .filter(Instruction::isReturn)
                .map(Instruction::offset)
                .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private Optional<List<Integer>> places() {
        var places = new ArrayList<Integer>();
        for (var i : instructions.values()) {
            if (i.isIndirectJump() || leaves(i)) return Optional.empty();
            if (!i.isReturn()) continue;
            var place = before(i);
            if (place.isEmpty()) return Optional.empty();
            if (!places.contains(place.get())) places.add(place.get());
        }
        return places.isEmpty() ? Optional.empty() : Optional.of(places);
    }

    private boolean leaves(Instruction i) {
        return (i.isJump() || i.isConditionalJump()) && (i.target() < 0 || i.target() >= code.length);
    }

    /** Backwards from a return, in a line into which no other jump leads. */
    private Optional<Integer> before(Instruction exit) {
        for (var at = exit; !jumpers.containsKey(at.offset()); ) {
            var previous = instructions.lowerEntry(at.offset());
            if (previous == null) return Optional.empty();
            at = previous.getValue();
            if (at.isConditionalJump())
                return at.isEmulated() && neverReturns(at.target()) ? Optional.of(at.offset()) : Optional.empty();
            if (at.isTransfer() || (Effects.written(at) & RAX) != 0) return Optional.empty();
            if (at.isEmulated()) return Optional.of(at.offset());
        }
        return Optional.empty();
    }

    /** A call behind which the function has no code of its own, as that of __stack_chk_fail. */
    private boolean neverReturns(int target) {
        for (var i = instructions.get(target); i != null; i = instructions.get(i.next())) {
            if (i.isTrap()) return true;
            if (i.isCall()) return i.next() >= code.length || isPadding(i.next());
            if (i.isTransfer()) return false;
        }
        return false;
    }

    private boolean isPadding(int from) {
        var i = instructions.get(from);
        return i != null && (i.isNop() || i.isTrap() || i.map() == 2 && i.opcode() == 0x1f);
    }

    /** The function that this one calls before anything else, with its own arguments: offset of its entry from this one's. */
    public static Optional<Integer> delegate(byte[] code, Abi abi) {
        var place = Placement.of(code, abi);
        return Decoder.decode(code, place.offset())
                .filter(i -> place.emulated() && (i.isCall() || i.isJump()))
                .map(Instruction::target);
    }
}
