package dev.spandrel.probe.codegen;

import java.util.ArrayList;
import java.util.List;

/** Puts a program and its functions one behind the other. */
public final class Functions {
    /** @param starts where each function begins, the program not counted */
    public record Linked(List<Instruction> instructions, List<Integer> starts) {}

    private Functions() {}

    public static Linked link(List<Instruction> program, List<List<Instruction>> functions) {
        var all = new ArrayList<>(program);
        var starts = new ArrayList<Integer>();
        for (var function : functions) {
            starts.add(all.size());
            all.addAll(function);
        }
        for (int i = 0; i < all.size(); i++) {
            var instruction = all.get(i);
            if (instruction.opcode() == 0x18 && instruction.from() == Generator.FUNCTION)
                all.set(i, instruction.with(starts.get(instruction.immediate()) - i - 1));
        }
        return new Linked(List.copyOf(all), List.copyOf(starts));
    }
}
