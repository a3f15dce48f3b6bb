package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
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

    /** Bytes before the first zero. */
    int length(Expr text) {
        var code = context.code;
        int bytes = ((Type.Text) context.type(text)).size();
        var place = context.memory.stored(text);
        int result = code.register();
        int done = code.label();
        for (int at = 0; at < bytes; at++) {
            code.add(new Ir.Const(result, at));
            code.branch(Condition.EQ, code.load(place.base(), place.offset() + at, 1), 0, done);
        }
        code.add(new Ir.Const(result, bytes));
        code.place(done);
        return result;
    }

    /** Where the first has the second, -1 if nowhere. Only where a match of its first byte is, it is looked at further. */
    int index(Expr text, Expr wanted) {
        var code = context.code;
        int bytes = ((Type.Text) context.type(text)).size();
        int wantedBytes = ((Type.Text) context.type(wanted)).size();
        var place = context.memory.stored(text);
        var sought = context.memory.stored(wanted);
        int result = code.register();
        int none = code.label();
        int done = code.label();
        code.add(new Ir.Const(result, 0));
        int first = code.load(sought.base(), sought.offset(), 1);
        code.branch(Condition.EQ, first, 0, done);
        for (int at = 0; at < bytes; at++) {
            int next = code.label();
            int here = code.load(place.base(), place.offset() + at, 1);
            code.branch(Condition.EQ, here, 0, none);
            code.branch(Condition.NE, here, new Reg(first), next);
            code.add(new Ir.Const(result, at));
            for (int i = 1; i < wantedBytes; i++) {
                int expected = code.load(sought.base(), sought.offset() + i, 1);
                code.branch(Condition.EQ, expected, 0, done);
                if (at + i >= bytes) break;
                int found = code.load(place.base(), place.offset() + at + i, 1);
                code.branch(Condition.NE, found, new Reg(expected), next);
            }
            if (at + wantedBytes <= bytes) code.jump(done);
            code.place(next);
        }
        code.place(none);
        code.add(new Ir.Const(result, -1));
        code.place(done);
        return result;
    }
}
