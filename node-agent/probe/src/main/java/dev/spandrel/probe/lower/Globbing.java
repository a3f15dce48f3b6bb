package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Glob;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Matches a string against a pattern: bit i of the state says that the bytes so far match the first i elements. There is no branch in it, as the verifier
 * would follow both ways of each for each byte.
 */
final class Globbing {
    private final Context context;

    Globbing(Context context) {
        this.context = context;
    }

    /** The register that holds 1 if the whole string matches. */
    int of(List<Expr> arguments) {
        var code = context.code;
        var glob = Glob.of(((Expr.Text) arguments.get(1)).value());
        var places = new LinkedHashMap<Glob.Range, Long>();
        for (int i = 0; i < glob.elements().size(); i++)
            for (var range : glob.elements().get(i)) places.merge(range, 1L << i, (a, b) -> a | b);
        var text = context.memory.stored(arguments.getFirst());
        int bytes = ((Type.Text) context.type(arguments.getFirst())).size();
        int state = code.register();
        code.add(new Ir.Const(state, 1));
        for (int at = 0; at < bytes; at++) {
            int next = next(state, code.load(text.base(), text.offset() + at, 1), places, glob.loops());
            code.move(state, next);
        }
        return code.alu(Op.AND, code.alu(Op.RSH, state, glob.elements().size()), 1);
    }

    /** Behind the string's end the state stays. */
    private int next(int state, int read, Map<Glob.Range, Long> places, long loops) {
        var code = context.code;
        int matching = code.constant(0);
        for (var entry : places.entrySet())
            matching = code.alu(
                    Op.OR, matching, new Reg(code.alu(Op.MUL, within(read, entry.getKey()), entry.getValue())));
        int moved = code.alu(Op.LSH, code.alu(Op.AND, state, new Reg(matching)), 1);
        int next = code.alu(Op.OR, moved, new Reg(code.alu(Op.AND, state, loops)));
        int changed = code.alu(Op.XOR, next, new Reg(state));
        return code.alu(
                Op.XOR, state, new Reg(code.alu(Op.MUL, changed, new Reg(within(read, new Glob.Range(1, 255))))));
    }

    /** 1 if the byte is within the range, 0 otherwise. As all bits or none the verifier would follow both. */
    private int within(int read, Glob.Range range) {
        var code = context.code;
        int above = code.alu(Op.SUB, read, range.first());
        int distance = code.alu(Op.AND, above, 255);
        return code.alu(Op.RSH, code.alu(Op.SUB, distance, range.last() - range.first() + 1), 63);
    }
}
