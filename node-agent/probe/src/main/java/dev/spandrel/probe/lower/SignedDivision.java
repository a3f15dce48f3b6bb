package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;

/** Kernels before 6.6 divide without a sign only: the signs are taken away before and given back after. */
final class SignedDivision {
    private final Code code;

    SignedDivision(Code code) {
        this.code = code;
    }

    int of(int left, Operand right, boolean remainder) {
        int dividend = absolute(left);
        int divisor = switch (right) {
            case Ir.Imm(int value) -> code.constant(Math.abs((long) value));
            case Ir.Reg(int number) -> absolute(number);
        };
        int result = code.register();
        code.add(new Ir.Alu(remainder ? Op.MOD : Op.DIV, result, dividend, new Ir.Reg(divisor)));
        // A remainder has the dividend's sign; a quotient is negative if the signs differ.
        int sign = remainder ? left : code.alu(Op.XOR, left, right);
        int done = code.label();
        code.branch(Condition.SGE, sign, 0, done);
        code.add(new Ir.Negate(result, result));
        code.place(done);
        return result;
    }

    private int absolute(int value) {
        int result = code.register();
        code.move(result, value);
        int done = code.label();
        code.branch(Condition.SGE, result, 0, done);
        code.add(new Ir.Negate(result, result));
        code.place(done);
        return result;
    }
}
