package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Aggregate;

/** Adds to this CPU's slot of a map, in one look-up; the first time it makes the slot. */
final class Aggregates {
    private final Context context;

    Aggregates(Context context) {
        this.context = context;
    }

    void add(Expr.MapAt map, Expr.Call call, Aggregate aggregate) {
        if (aggregate instanceof Aggregate.Series series) {
            new TimeSeries(context).add(map, call, series);
            return;
        }
        Operand value = call.arguments().isEmpty()
                ? new Imm(1)
                : context.values.operand(call.arguments().getFirst());
        var key = context.maps.key(map);
        if (aggregate.bucketed()) {
            int bytes = context.tables.maps.get(map.name()).keyBytes();
            int bucketed = register(value);
            context.code.store(key.base(), key.offset() + bytes - 8, 8, bucket(aggregate, bucketed));
            value = new Reg(bucketed);
        }
        var code = context.code;
        int found = context.maps.lookup(map.name(), key);
        int there = code.label();
        int done = code.label();
        code.branch(Condition.NE, found, 0, there);
        create(map.name(), key, aggregate, value);
        code.jump(done);
        code.place(there);
        change(found, aggregate, value);
        code.place(done);
    }

    private int register(Operand value) {
        return switch (value) {
            case Reg(int number) -> number;
            case Imm(int n) -> context.code.constant(n);
        };
    }

    private void create(String map, Place key, Aggregate aggregate, Operand value) {
        var code = context.code;
        var place = context.take(aggregate.slotBytes());
        switch (aggregate) {
            case Aggregate.Average _, Aggregate.Histogram _, Aggregate.Linear _ -> {
                code.store(place.base(), place.offset(), 8, 1L);
                code.add(new Ir.Store(place.base(), place.offset() + 8, 8, value));
            }
            case Aggregate.Extreme _ -> {
                code.add(new Ir.Store(place.base(), place.offset(), 8, value));
                code.store(place.base(), place.offset() + 8, 8, 1L);
            }
            case Aggregate.Count _, Aggregate.Sum _ -> code.add(new Ir.Store(place.base(), place.offset(), 8, value));
            case Aggregate.Series _ -> throw new IllegalStateException("its slots begin anew");
        }
        context.maps.create(map, key, place);
    }

    private void change(int slot, Aggregate aggregate, Operand value) {
        switch (aggregate) {
            case Aggregate.Average _, Aggregate.Histogram _, Aggregate.Linear _ -> {
                plus(slot, 0, new Imm(1));
                plus(slot, 8, value);
            }
            case Aggregate.Extreme(boolean max, boolean signed) -> extreme(slot, max, signed, register(value));
            case Aggregate.Count _, Aggregate.Sum _ -> plus(slot, 0, value);
            case Aggregate.Series _ -> throw new IllegalStateException("its slots begin anew");
        }
    }

    /** Where another program may run between load and store, the addition is one step. */
    private void plus(int slot, int offset, Operand value) {
        var code = context.code;
        if (context.instance().userSpace() && !context.instance().target().isSyscall()) {
            code.add(new Ir.AtomicAdd(slot, offset, register(value), Ir.NOWHERE));
            return;
        }
        code.store(slot, offset, 8, code.alu(Op.ADD, code.load(slot, offset, 8), value));
    }

    private void extreme(int slot, boolean max, boolean signed, int value) {
        var code = context.code;
        int store = code.label();
        int done = code.label();
        code.branch(Condition.EQ, code.load(slot, 8, 8), 0, store);
        var keeps = max ? (signed ? Condition.SLE : Condition.LE) : (signed ? Condition.SGE : Condition.GE);
        code.branch(keeps, value, new Reg(code.load(slot, 0, 8)), done);
        code.place(store);
        code.store(slot, 0, 8, value);
        code.store(slot, 8, 8, 1L);
        code.place(done);
    }

    private int bucket(Aggregate aggregate, int value) {
        return aggregate instanceof Aggregate.Linear(long min, long max, long step)
                ? linear(value, min, max, step)
                : power(value, ((Aggregate.Histogram) aggregate).bits());
    }

    /** 0 below the minimum, then one per step, the last from the maximum on. */
    private int linear(int value, long min, long max, long step) {
        var code = context.code;
        int result = code.register();
        int done = code.label();
        code.add(new Ir.Const(result, 0));
        code.branch(Condition.SLT, value, min, done);
        code.add(new Ir.Const(result, (max - min) / step + 1));
        code.branch(Condition.SGE, value, max, done);
        int steps = code.alu(Op.DIV, code.alu(Op.SUB, value, min), step);
        code.add(new Ir.Alu(Op.ADD, result, steps, new Imm(1)));
        code.place(done);
        return result;
    }

    /** 0 for what is negative, then one for each number below 2^bits, then 2^bits for each power of two. */
    private int power(int value, int bits) {
        var code = context.code;
        int result = code.register();
        int done = code.label();
        code.add(new Ir.Const(result, 0));
        code.branch(Condition.SLT, value, 0, done);
        code.add(new Ir.Alu(Op.ADD, result, value, new Imm(1)));
        code.branch(Condition.LT, value, 1L << bits, done);
        int rest = code.register();
        code.move(rest, value);
        code.add(new Ir.Const(result, 0));
        for (int step = 32; step >= 1; step >>= 1) {
            int below = code.label();
            int limit = code.constant(1L << step);
            code.branch(Condition.LT, rest, new Reg(limit), below);
            code.add(new Ir.Alu(Op.RSH, rest, rest, new Imm(step)));
            code.add(new Ir.Alu(Op.ADD, result, result, new Imm(step)));
            code.place(below);
        }
        // result is the highest bit's number l: bucket ((l - bits + 1) << bits | next bits) + 1
        if (bits == 0) code.add(new Ir.Alu(Op.ADD, result, result, new Imm(2)));
        else {
            int shift = code.alu(Op.SUB, result, bits);
            int next = code.alu(Op.AND, code.alu(Op.RSH, value, new Reg(shift)), (1L << bits) - 1);
            int high = code.alu(Op.LSH, code.alu(Op.ADD, shift, 1), bits);
            code.add(new Ir.Alu(Op.ADD, result, code.alu(Op.OR, high, new Reg(next)), new Imm(1)));
        }
        code.place(done);
        return result;
    }
}
