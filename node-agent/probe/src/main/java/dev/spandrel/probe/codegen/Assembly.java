package dev.spandrel.probe.codegen;

import dev.spandrel.probe.ir.Ir;
import java.util.List;

/** Instructions as people read them, in the manner of the kernel's verifier log. */
public final class Assembly {
    private static final String[] SIZES = {"u32", "u16", "u8", "u64"};

    private Assembly() {}

    public static String show(List<Instruction> instructions) {
        var shown = new StringBuilder();
        for (int i = 0; i < instructions.size(); i++) {
            var instruction = instructions.get(i);
            boolean wide = instruction.opcode() == 0x18;
            long high = wide ? instructions.get(i + 1).immediate() : 0;
            shown.append("%4d: %s%n".formatted(i, show(instruction, i, high)));
            if (wide) i++;
        }
        return shown.toString();
    }

    private static String show(Instruction in, int at, long high) {
        int opcode = in.opcode();
        String to = "r" + in.to();
        String from = "r" + in.from();
        return switch (opcode & 7) {
            case 0 ->
                in.map() != null
                        ? to + " = map " + in.map()
                        : in.from() == Generator.FUNCTION
                                ? to + " = function at " + (at + 1 + in.immediate())
                                : "%s = %#x".formatted(to, high << 32 | in.immediate() & 0xffffffffL);
            case 1 -> "%s = *(%s *)(%s%+d)".formatted(to, size(opcode), from, in.offset());
            case 2 -> "*(%s *)(%s%+d) = %d".formatted(size(opcode), to, in.offset(), in.immediate());
            case 3 ->
                opcode == 0xdb
                        ? "%slock *(u64 *)(%s%+d) += %s"
                                .formatted(in.immediate() == 1 ? from + " = " : "", to, in.offset(), from)
                        : "*(%s *)(%s%+d) = %s".formatted(size(opcode), to, in.offset(), from);
            case 5 -> jump(in, at, to, from);
            case 4, 7 -> alu(in, to, from);
            default -> "?";
        };
    }

    private static String size(int opcode) {
        return SIZES[opcode >> 3 & 3];
    }

    private static String jump(Instruction in, int at, String to, String from) {
        int target = at + 1 + in.offset();
        if (in.opcode() == 0x85) return "call " + in.immediate();
        if (in.opcode() == 0x95) return "exit";
        if (in.opcode() == 0x05) return "goto " + target;
        String right = (in.opcode() & 8) != 0 ? from : Integer.toString(in.immediate());
        for (var condition : Ir.Condition.values())
            if (condition.code == (in.opcode() & 0xf0))
                return "if %s %s %s goto %d".formatted(to, condition.sign, right, target);
        return "?";
    }

    private static String alu(Instruction in, String to, String from) {
        if (in.opcode() == 0x87) return to + " = -" + to;
        if (in.opcode() == 0xdc) return to + " = be" + in.immediate() + " " + to;
        String right = (in.opcode() & 8) != 0 ? from : Integer.toString(in.immediate());
        if ((in.opcode() & 0xf0) == 0xb0) return to + " = " + right;
        for (var op : Ir.Op.values()) if (op.code == (in.opcode() & 0xf0)) return to + " " + op.sign + " " + right;
        return "?";
    }
}
