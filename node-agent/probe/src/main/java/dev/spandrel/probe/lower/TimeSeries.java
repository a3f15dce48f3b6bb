package dev.spandrel.probe.lower;

import static dev.spandrel.probe.type.Aggregate.Series.COUNT;
import static dev.spandrel.probe.type.Aggregate.Series.INTERVAL;
import static dev.spandrel.probe.type.Aggregate.Series.VALUE;
import static dev.spandrel.probe.type.Aggregate.Series.WRITTEN;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Aggregate;

/** Adds to this CPU's slot of the interval that it is now. A slot that holds an interval of a round before begins anew. */
final class TimeSeries {
    private final Context context;

    TimeSeries(Context context) {
        this.context = context;
    }

    void add(Expr.MapAt map, Expr.Call call, Aggregate.Series series) {
        var code = context.code;
        int value = context.values.register(call.arguments().getFirst());
        var key = context.maps.key(map);
        int now = code.call(Helper.BOOT_NANOS);
        int interval = code.alu(Op.DIV, now, series.nanos());
        int slot = code.alu(Op.MOD, interval, series.intervals());
        int bytes = context.tables.maps.get(map.name()).keyBytes();
        code.store(key.base(), key.offset() + bytes - 8, 8, slot);
        int found = context.maps.lookup(map.name(), key);
        int there = code.label();
        int same = code.label();
        int done = code.label();
        code.branch(Condition.NE, found, 0, there);
        var first = context.take(series.slotBytes());
        begin(first, interval, value, now);
        context.maps.create(map.name(), key, first);
        code.jump(done);
        code.place(there);
        code.branch(Condition.EQ, code.load(found, INTERVAL, 8), new Ir.Reg(interval), same);
        begin(new Place(found, 0), interval, value, now);
        code.jump(done);
        code.place(same);
        goOn(found, series, value, now, done);
        code.place(done);
    }

    private void begin(Place slot, int interval, int value, int now) {
        var code = context.code;
        code.store(slot.base(), slot.offset() + INTERVAL, 8, interval);
        code.store(slot.base(), slot.offset() + COUNT, 8, 1L);
        code.store(slot.base(), slot.offset() + VALUE, 8, value);
        code.store(slot.base(), slot.offset() + WRITTEN, 8, now);
    }

    private void goOn(int slot, Aggregate.Series series, int value, int now, int done) {
        var code = context.code;
        code.store(slot, COUNT, 8, code.alu(Op.ADD, code.load(slot, COUNT, 8), 1));
        code.store(slot, WRITTEN, 8, now);
        int held = code.load(slot, VALUE, 8);
        switch (series.within()) {
            case LAST -> code.store(slot, VALUE, 8, value);
            case AVG, SUM -> code.store(slot, VALUE, 8, code.alu(Op.ADD, held, new Ir.Reg(value)));
            case MIN, MAX -> {
                boolean max = series.within() == Aggregate.Within.MAX;
                var keeps = series.signed() ? max ? Condition.SLE : Condition.SGE : max ? Condition.LE : Condition.GE;
                code.branch(keeps, value, new Ir.Reg(held), done);
                code.store(slot, VALUE, 8, value);
            }
        }
    }
}
