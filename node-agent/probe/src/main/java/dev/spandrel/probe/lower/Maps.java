package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.util.List;

/** Reads and writes maps. */
final class Maps {
    private static final Imm ANY = new Imm(0);

    private final Context context;

    Maps(Context context) {
        this.context = context;
    }

    private MapSpec spec(String name) {
        return context.tables.maps.get(name);
    }

    /** The key in memory, `extra` bytes behind it left free. */
    Place key(Expr.MapAt map) {
        var keys = map.keys().size() == 1 && map.keys().getFirst() instanceof Expr.Tuple(var _, var parts)
                ? parts
                : map.keys();
        return key(map.name(), keys);
    }

    Place key(String map, List<Expr> keys) {
        var spec = spec(map);
        var place = context.take(spec.keyBytes());
        if (spec.kind() == MapSpec.Kind.PERCPU_ARRAY) context.code.store(place.base(), place.offset(), 4, 0L);
        else if (keys.isEmpty() && !byCgroup(spec)) context.memory.clear(place, 0, spec.keyBytes());
        else {
            int at = 0;
            int own = 0;
            var types = spec.shape().orElseThrow().keys();
            if (byCgroup(spec)) {
                context.code.store(place.base(), place.offset(), 8, context.cgroup);
                at = 8;
                own = 1;
            }
            for (int i = 0; i < keys.size(); i++) {
                int bytes = types.get(i + own).stored();
                context.memory.into(keys.get(i), place.plus(at), bytes);
                at += bytes;
            }
        }
        return place;
    }

    /** Of the key, before the program's own part of it. */
    int ownerBytes(MapSpec spec) {
        return byCgroup(spec) ? Long.BYTES : 0;
    }

    private boolean byCgroup(MapSpec spec) {
        return context.tables.managed && spec.shape().orElseThrow().value() instanceof Aggregate;
    }

    int lookup(String map, Place key) {
        return context.code.call(Helper.MAP_LOOKUP, context.code.map(map), context.address(key));
    }

    private void update(String map, Place key, Place value) {
        var code = context.code;
        var address = context.address(value);
        if (!context.tables.managed) {
            code.run(Helper.MAP_UPDATE, code.map(map), context.address(key), address, ANY);
            return;
        }
        int refused = code.call(Helper.MAP_UPDATE, code.map(map), context.address(key), address, ANY);
        int taken = code.label();
        code.branch(Condition.EQ, refused, 0, taken);
        count(context.tables.full());
        code.place(taken);
    }

    /** One more in a map that is a single counter per CPU. */
    void count(String counter) {
        var code = context.code;
        var key = context.take(8);
        code.store(key.base(), key.offset(), 4, 0L);
        int found = code.call(Helper.MAP_LOOKUP, code.map(counter), context.address(key));
        int none = code.label();
        code.branch(Condition.EQ, found, 0, none);
        code.add(new Ir.AtomicAdd(found, 0, code.constant(1), Ir.NOWHERE));
        code.place(none);
    }

    void delete(String map, Place key) {
        context.code.run(Helper.MAP_DELETE, context.code.map(map), context.address(key));
    }

    /** The register that holds 0 if there was such a key. */
    int deleted(String map, Place key) {
        return context.code.call(Helper.MAP_DELETE, context.code.map(map), context.address(key));
    }

    /** 0 if there is no such key. */
    int value(Expr.MapAt map) {
        var code = context.code;
        if (spec(map.name()).shape().orElseThrow().value() instanceof Aggregate aggregate)
            return new Totals(context).of(map.name(), key(map), aggregate);
        int found = lookup(map.name(), key(map));
        int result = code.register();
        int done = code.label();
        code.add(new Ir.Const(result, 0));
        code.branch(Condition.EQ, found, 0, done);
        code.add(new Ir.Load(result, found, 0, 8));
        code.place(done);
        return result;
    }

    /** Zeroes if there is no such key. */
    void copy(Expr.MapAt map, Place place, int bytes) {
        var code = context.code;
        int found = lookup(map.name(), key(map));
        int there = code.label();
        int done = code.label();
        code.branch(Condition.NE, found, 0, there);
        context.memory.clear(place, 0, bytes);
        code.jump(done);
        code.place(there);
        for (int at = 0; at < bytes; at += 8) code.store(place.base(), place.offset() + at, 8, code.load(found, at, 8));
        code.place(done);
    }

    void assign(Expr.MapAt map, Expr value) {
        if (value instanceof Expr.Call call && context.type(call) instanceof Aggregate aggregate) {
            new Aggregates(context).add(map, call, aggregate);
            return;
        }
        var type = spec(map.name()).shape().orElseThrow().value();
        if (context.type(value) instanceof Type.Scalar) {
            set(map, context.values.operand(value));
            return;
        }
        var place = context.take(type.stored());
        context.memory.into(value, place, type.stored());
        update(map.name(), key(map), place);
    }

    void set(Expr.MapAt map, int value) {
        set(map, new Reg(value));
    }

    private void set(Expr.MapAt map, Operand value) {
        var place = context.take(8);
        context.code.add(new Ir.Store(place.base(), place.offset(), 8, value));
        update(map.name(), key(map), place);
    }

    /** Adds so that no other CPU's addition is lost. */
    void add(Expr.MapAt map, Operand by, int old) {
        var code = context.code;
        int amount = switch (by) {
            case Reg(int number) -> number;
            case Imm(int n) -> code.constant(n);
        };
        var key = key(map);
        int found = lookup(map.name(), key);
        int there = code.label();
        int done = code.label();
        code.branch(Condition.NE, found, 0, there);
        var place = context.take(8);
        code.store(place.base(), place.offset(), 8, amount);
        update(map.name(), key, place);
        if (old >= 0) code.add(new Ir.Const(old, 0));
        code.jump(done);
        code.place(there);
        code.add(new Ir.AtomicAdd(found, 0, amount, old));
        code.place(done);
    }

    /** Memory for the first value of a per-CPU slot. */
    void create(String map, Place key, Place value) {
        update(map, key, value);
    }

    static Op minus() {
        return Op.SUB;
    }
}
