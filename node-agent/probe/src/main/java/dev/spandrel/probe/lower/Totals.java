package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.type.Aggregate;

/** Reads what all CPUs gathered, in the kernel: one look-up for each of them. */
final class Totals {
    private final Context context;

    Totals(Context context) {
        this.context = context;
    }

    /** The sum, the least, the greatest or the average; 0 if there is nothing under the key. */
    int of(String map, Place key, Aggregate aggregate) {
        var code = context.code;
        int result = constant();
        int n = constant();
        int cpu = constant();
        int head = code.label();
        int next = code.label();
        int done = code.label();
        code.place(head);
        int slot = code.call(Helper.LOOKUP_OF_CPU, code.map(map), context.address(key), new Reg(cpu));
        code.branch(Condition.EQ, slot, 0, next);
        gather(aggregate, slot, result, n, next);
        code.place(next);
        code.add(new Ir.Alu(Op.ADD, cpu, cpu, new Imm(1)));
        code.branch(Condition.LT, cpu, context.tables.cpus, head);
        code.jump(done);
        code.place(done);
        if (!(aggregate instanceof Aggregate.Average(boolean _, boolean signed))) return result;
        return signed ? new SignedDivision(code).of(result, new Reg(n), false) : code.alu(Op.DIV, result, new Reg(n));
    }

    private int constant() {
        int register = context.code.register();
        context.code.add(new Ir.Const(register, 0));
        return register;
    }

    private void gather(Aggregate aggregate, int slot, int result, int n, int next) {
        var code = context.code;
        switch (aggregate) {
            case Aggregate.Average _ -> {
                code.add(new Ir.Alu(Op.ADD, n, n, new Reg(code.load(slot, 0, 8))));
                code.add(new Ir.Alu(Op.ADD, result, result, new Reg(code.load(slot, 8, 8))));
            }
            case Aggregate.Extreme(boolean max, boolean signed) -> {
                int take = code.label();
                code.branch(Condition.EQ, code.load(slot, 8, 8), 0, next);
                int value = code.load(slot, 0, 8);
                code.branch(Condition.EQ, n, 0, take);
                var keeps = max ? (signed ? Condition.SLE : Condition.LE) : (signed ? Condition.SGE : Condition.GE);
                code.branch(keeps, value, new Reg(result), next);
                code.place(take);
                code.move(result, value);
                code.add(new Ir.Const(n, 1));
            }
            case Aggregate.Count _, Aggregate.Sum _, Aggregate.Histogram _, Aggregate.Linear _, Aggregate.Series _ ->
                code.add(new Ir.Alu(Op.ADD, result, result, new Reg(code.load(slot, 0, 8))));
        }
    }
}
