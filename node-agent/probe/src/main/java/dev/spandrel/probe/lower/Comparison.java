package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.List;

/** Compares bytes wherever they are, four at a time. */
final class Comparison {
    private static final int WORD = 4;

    private final Context context;

    Comparison(Context context) {
        this.context = context;
    }

    /** The register that holds 0 if they are the same; -1 or 1 if the first byte that differs is less or greater on the left. */
    int of(List<Expr> arguments) {
        var code = context.code;
        int count = (int) context.constant(arguments.get(2)).orElse(0);
        var left = bytes(arguments.get(0), count);
        var right = bytes(arguments.get(1), count);
        int a = code.register();
        int b = code.register();
        int result = code.register();
        int differ = code.label();
        int done = code.label();
        for (int at = 0; at < count; at += WORD) {
            code.move(a, word(left, at, count));
            code.move(b, word(right, at, count));
            code.branch(Condition.NE, a, new Reg(b), differ);
        }
        code.add(new Ir.Const(result, 0));
        code.jump(done);
        code.place(differ);
        // The first byte decides most.
        code.add(new Ir.Swap(a, a, 8 * WORD));
        code.add(new Ir.Swap(b, b, 8 * WORD));
        code.add(new Ir.Const(result, -1));
        code.branch(Condition.LT, a, new Reg(b), done);
        code.add(new Ir.Const(result, 1));
        code.place(done);
        return result;
    }

    private int word(Place place, int at, int count) {
        int word = context.code.load(place.base(), place.offset() + at, WORD);
        return count - at >= WORD ? word : context.code.alu(Op.AND, word, (1L << 8 * (count - at)) - 1);
    }

    /** What is shorter ends with zeroes. */
    private Place bytes(Expr expr, int count) {
        var type = context.type(expr);
        boolean buffer = type instanceof Type.Bytes;
        int there = type.stored() - (buffer ? WORD : 0);
        var place = context.take(count + 7);
        context.memory.clear(place, 0, count);
        if (type instanceof Type.Pointer) {
            context.values.fields().copy(context.memory.pointed(expr, new Imm(count)), place, new Imm(count));
            return place;
        }
        var stored = context.memory.stored(expr).plus(buffer ? WORD : 0);
        if (there >= count) return stored;
        for (int at = 0; at + WORD <= there; at += WORD)
            context.code.store(
                    place.base(),
                    place.offset() + at,
                    WORD,
                    context.code.load(stored.base(), stored.offset() + at, WORD));
        return place;
    }
}
