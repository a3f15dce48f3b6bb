package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.Optional;

/** Lowers values into memory: keys, values, arguments of records. */
final class Blocks {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int USER_STACK = 1 << 8;

    private final Context context;

    Blocks(Context context) {
        this.context = context;
    }

    /** Where the value is; it may be read there, not written. */
    Place stored(Expr expr) {
        if (expr instanceof Expr.Variable(var _, var name) && context.blocks.containsKey(name))
            return context.blocks.get(name);
        if (part(expr).orElse(expr) instanceof Expr.Part(var _, var of, int index)
                && context.type(of) instanceof Type.Tuple(var parts))
            return stored(of)
                    .plus(parts.subList(0, index).stream()
                            .mapToInt(Type::stored)
                            .sum());
        int bytes = context.type(expr).stored();
        var place = context.take(bytes);
        into(expr, place, bytes);
        return place;
    }

    /** `$tuple[1]`, as `$tuple.1`. */
    Optional<Expr> part(Expr expr) {
        if (!(expr instanceof Expr.Index(var span, var of, var index)) || !(context.type(of) instanceof Type.Tuple))
            return Optional.empty();
        return Optional.of(new Expr.Part(span, of, (int) context.constant(index).orElseThrow()));
    }

    void clear(Place place, int from, int to) {
        for (int at = from; at < to; at += 8) context.code.store(place.base(), place.offset() + at, 8, 0L);
    }

    private void copy(Place from, Place to, int bytes) {
        for (int at = 0; at < bytes; at += 8)
            context.code.store(to.base(), to.offset() + at, 8, context.code.load(from.base(), from.offset() + at, 8));
    }

    /** Writes the value; zeroes fill what is left of `bytes`. */
    void into(Expr expr, Place place, int bytes) {
        if (expr instanceof Expr.BlockValue(var _, var block, var value)) {
            new Statements(context).block(block);
            into(value, place, bytes);
            return;
        }
        var type = context.type(expr);
        if (type instanceof Type.Tuple tuple && expr instanceof Expr.Tuple(var _, var parts)) {
            int at = 0;
            for (int i = 0; i < parts.size(); i++) {
                int size = tuple.parts().get(i).stored();
                into(parts.get(i), place.plus(at), size);
                at += size;
            }
            return;
        }
        if (type instanceof Type.Scalar) {
            context.code.add(new Ir.Store(place.base(), place.offset(), 8, context.values.operand(expr)));
            clear(place, 8, bytes);
            return;
        }
        int own = type.stored();
        block(expr, type, place, own);
        clear(place, own, bytes);
    }

    private void block(Expr expr, Type type, Place place, int bytes) {
        var content = context.content(expr);
        if (content.isPresent()) {
            for (int at = 0; at < bytes; at += 8)
                context.code.store(place.base(), place.offset() + at, 8, Texts.word(content.get(), at));
            return;
        }
        switch (expr) {
            case Expr.Variable(var _, var name) -> copy(context.blocks.get(name), place, bytes);
            case Expr.Part part -> copy(stored(part), place, bytes);
            case Expr.Index index when part(index).isPresent() -> copy(stored(index), place, bytes);
            case Expr.MapAt map -> context.maps.copy(map, place, bytes);
            case Expr.Ternary(var _, var condition, var yes, var no) ->
                context.values.choose(condition, () -> into(yes, place, bytes), () -> into(no, place, bytes));
            case Expr.Name(var _, var name) -> named(name, type, place);
            case Expr.Call call -> call(call, type, place, bytes);
            case Expr.Field _, Expr.Index _, Expr.Unary _ -> read(expr, type, place, bytes);
            case Expr.Cast(var _, var _, var operand)
            when context.type(operand) instanceof Type.Scalar -> {
                int value = context.values.narrow(context.values.register(operand), Type.natural(type), false);
                context.code.add(new Ir.Store(place.base(), place.offset(), 8, new Reg(value)));
            }
            case Expr.Cast(var _, var _, var operand) -> into(operand, place, bytes);
            default -> clear(place, 0, bytes);
        }
    }

    private void named(String name, Type type, Place place) {
        switch (type) {
            case Type.Text _ -> context.code.run(Helper.COMM, context.address(place), new Imm(16));
            case Type.Stack stack -> stack(stack, place);
            default -> throw new IllegalStateException(name + " is no block");
        }
    }

    private void read(Expr expr, Type type, Place place, int bytes) {
        var location = context.values.fields().location(expr);
        clear(place, 0, bytes);
        if (type instanceof Type.Text(int size)) context.values.fields().copyText(location, place, new Imm(size));
        else context.values.fields().copy(location, place, new Imm(context.structs.size(type)));
    }

    private void call(Expr.Call call, Type type, Place place, int bytes) {
        var arguments = call.arguments();
        switch (call.function()) {
            case "str" -> str(call, (Type.Text) type, place, bytes);
            case "buf" -> buf(call, (Type.Bytes) type, place, bytes);
            case "kstack", "ustack" -> stack((Type.Stack) type, place);
            case "ksym", "usym" -> {
                context.code.add(
                        new Ir.Store(place.base(), place.offset(), 8, context.values.operand(arguments.getFirst())));
                process(place.plus(8), call.function().equals("usym"));
            }
            case "ntop" -> address(call, place);
            case "macaddr" -> {
                clear(place, 0, 8);
                var location = pointed(arguments.getFirst(), new Imm(6));
                context.values.fields().copy(location, place, new Imm(6));
            }
            case "trace_id", "span_name", "route" -> context.requests.into(type, place);
            case "strftime" -> {
                String format = ((Expr.Text) arguments.getFirst()).value();
                context.code.store(place.base(), place.offset(), 8, (long) context.tables.timeFormat(format));
                context.code.add(
                        new Ir.Store(place.base(), place.offset() + 8, 8, context.values.operand(arguments.get(1))));
            }
            default -> {
                context.code.store(place.base(), place.offset(), 8, 0L);
                context.code.add(new Ir.Store(
                        place.base(), place.offset() + 8, 8, context.values.operand(arguments.getFirst())));
            }
        }
    }

    private void process(Place place, boolean wanted) {
        if (wanted)
            context.code.store(
                    place.base(), place.offset(), 8, context.code.alu(Op.RSH, context.code.call(Helper.PID_TGID), 32));
        else context.code.store(place.base(), place.offset(), 8, 0L);
    }

    private void stack(Type.Stack stack, Place place) {
        if (!stack.kernel()) new Confinement(context).check(Space.PROCESS);
        var flags = new Imm(stack.kernel() ? 0 : USER_STACK);
        int id = context.code.call(
                Helper.STACK_ID, new Reg(context.given()), context.code.map(context.tables.stacks(stack)), flags);
        context.code.store(place.base(), place.offset(), 8, id);
        process(place.plus(8), !stack.kernel());
    }

    /** How many frames there are now; 0 if they cannot be walked. */
    int frames(Type.Stack stack) {
        if (!stack.kernel()) new Confinement(context).check(Space.PROCESS);
        var code = context.code;
        int size = stack.depth() * Long.BYTES;
        var place = context.take(size);
        int bytes = code.call(
                Helper.STACK,
                new Reg(context.given()),
                context.address(place),
                new Imm(size),
                new Imm(stack.kernel() ? 0 : USER_STACK));
        int frames = code.register();
        int done = code.label();
        code.add(new Ir.Const(frames, 0));
        code.branch(Condition.SLE, bytes, 0, done);
        code.move(frames, code.alu(Op.RSH, bytes, 3));
        code.place(done);
        return frames;
    }

    /** Where an argument points to, or where it is if it is an array; so many bytes of it are to be read. */
    Fields.Location pointed(Expr expr, Operand bytes) {
        var type = context.type(expr);
        boolean all = bytes instanceof Imm(int n) && n <= (type instanceof Type.Block block ? room(block) : 0);
        return pointed(expr).beyond(!all);
    }

    private int room(Type.Block type) {
        return type instanceof Type.Bytes(int size) ? size + 4 : context.structs.size(type);
    }

    private Fields.Location pointed(Expr expr) {
        var type = context.type(expr);
        boolean ofProgram = part(expr).isPresent()
                || !(expr instanceof Expr.Field || expr instanceof Expr.Index || expr instanceof Expr.Unary);
        if (type instanceof Type.Block && ofProgram) {
            var place = stored(expr);
            return new Fields.Location(place.base(), place.offset(), Space.OWN);
        }
        if (type instanceof Type.Array || type instanceof Type.Text)
            return context.values.fields().location(expr);
        boolean user = type instanceof Type.Pointer(var _, boolean u)
                ? u
                : context.instance().userSpace();
        return new Fields.Location(context.values.register(expr), 0, Space.of(user));
    }

    private void str(Expr.Call call, Type.Text type, Place place, int bytes) {
        var first = call.arguments().getFirst();
        if (context.type(first) instanceof Type.Text) {
            into(first, place, bytes);
            return;
        }
        Operand size = new Imm(type.size());
        if (call.arguments().size() > 1
                && context.constant(call.arguments().get(1)).isEmpty())
            size = limited(
                    context.code.alu(
                            Op.ADD, context.values.register(call.arguments().get(1)), 1),
                    type.size());
        var location = pointed(first, size);
        clear(place, 0, bytes);
        context.values.fields().copyText(location, place, size);
    }

    /** At most so much, so that the verifier sees a bound. */
    private Operand limited(int value, int most) {
        int result = context.code.register();
        int done = context.code.label();
        context.code.move(result, value);
        context.code.branch(Condition.LE, result, most, done);
        context.code.add(new Ir.Const(result, most));
        context.code.place(done);
        return new Reg(result);
    }

    private void buf(Expr.Call call, Type.Bytes type, Place place, int bytes) {
        Operand size = new Imm(type.size());
        if (call.arguments().size() > 1
                && context.constant(call.arguments().get(1)).isEmpty())
            size = limited(context.values.register(call.arguments().get(1)), type.size());
        var location = pointed(call.arguments().getFirst(), size);
        clear(place, 0, bytes);
        context.code.add(new Ir.Store(place.base(), place.offset(), 4, size));
        context.values.fields().copy(location, place.plus(4), size);
    }

    private void address(Expr.Call call, Place place) {
        var arguments = call.arguments();
        var last = arguments.getLast();
        var type = context.type(last);
        boolean inMemory = type instanceof Type.Array || type instanceof Type.Text || type instanceof Type.Pointer;
        int size = type instanceof Type.Array || type instanceof Type.Text
                ? Math.min(16, context.structs.size(type))
                : inMemory ? 16 : 4;
        clear(place, 0, 24);
        Operand family = arguments.size() > 1
                ? context.values.operand(arguments.getFirst())
                : new Imm(size == 16 ? AF_INET6 : AF_INET);
        context.code.add(new Ir.Store(place.base(), place.offset(), 8, family));
        if (inMemory) {
            context.values.fields().copy(pointed(last, new Imm(size)), place.plus(8), new Imm(size));
        } else context.code.add(new Ir.Store(place.base(), place.offset() + 8, 4, context.values.operand(last)));
    }
}
