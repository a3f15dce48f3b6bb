package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Compares strings, eight bytes at a time: zeroes fill them up. */
final class Texts {
    private final Context context;

    Texts(Context context) {
        this.context = context;
    }

    void branch(Expr left, Expr right, int equal, int other) {
        branch(left, right, Integer.MAX_VALUE, equal, other);
    }

    /** Of the first `length` bytes only. */
    void branch(Expr left, Expr right, int length, int equal, int other) {
        if (left instanceof Expr.Text && !(right instanceof Expr.Text)) {
            branch(right, left, length, equal, other);
            return;
        }
        int leftBytes = context.type(left).stored();
        int rightBytes = context.type(right).stored();
        var a = context.memory.stored(left);
        if (right instanceof Expr.Text(var _, var text)) literal(a, leftBytes, text, length, equal, other);
        else words(a, leftBytes, context.memory.stored(right), rightBytes, length, equal, other);
    }

    private void literal(Place a, int bytes, String text, int length, int equal, int other) {
        var wanted = text.getBytes(StandardCharsets.UTF_8);
        // One byte more than the text: the zero that ends it.
        int compared = Math.min(wanted.length + 1, length);
        for (int at = 0; at < compared; at += 8) {
            long word = word(wanted, at);
            if (at >= bytes) {
                context.code.jump(word == 0 ? equal : other);
                return;
            }
            int found = masked(context.code.load(a.base(), a.offset() + at, 8), compared - at);
            long expected = compared - at < 8 ? word & mask(compared - at) : word;
            context.code.branch(Condition.NE, found, expected, other);
        }
        context.code.jump(equal);
    }

    private void words(Place a, int aBytes, Place b, int bBytes, int length, int equal, int other) {
        var code = context.code;
        int compared = Math.min(Math.max(aBytes, bBytes), length);
        for (int at = 0; at < compared; at += 8) {
            int x = at < aBytes ? code.load(a.base(), a.offset() + at, 8) : code.constant(0);
            int y = at < bBytes ? code.load(b.base(), b.offset() + at, 8) : code.constant(0);
            code.branch(Condition.NE, masked(x, compared - at), new Reg(masked(y, compared - at)), other);
        }
        code.jump(equal);
    }

    private int masked(int word, int bytes) {
        return bytes >= 8 ? word : context.code.alu(Op.AND, word, mask(bytes));
    }

    private static long mask(int bytes) {
        return (1L << 8 * bytes) - 1;
    }

    static long word(byte[] text, int at) {
        var eight = at < text.length ? Arrays.copyOfRange(text, at, at + 8) : new byte[8];
        return ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    static boolean isText(Type type) {
        return type instanceof Type.Text;
    }
}
