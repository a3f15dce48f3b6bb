package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.List;

/** Functions whose value fits into a register. */
final class Calls {
    private final Context context;

    Calls(Context context) {
        this.context = context;
    }

    Operand value(Expr.Call call) {
        var code = context.code;
        var arguments = call.arguments();
        return switch (call.function()) {
            case "reg" -> new Reg(context.register(((Expr.Text) arguments.getFirst()).value(), call.span()));
            case "bswap" -> swapped(arguments.getFirst());
            case "strerror", "syscall_name", "kptr", "uptr" -> context.values.operand(arguments.getFirst());
            case "strncmp" -> different(call);
            case "delete" -> new Reg(isZero(new Actions(context).deleted(arguments)));
            case "memcmp" -> new Reg(new Comparison(context).of(arguments));
            case "globmatch" -> new Reg(new Globbing(context).of(arguments));
            case "strlen" -> new Reg(new Texts(context).length(arguments.getFirst()));
            case "strstr" -> new Reg(new Texts(context).index(arguments.getFirst(), arguments.get(1)));
            case "strcontains" -> contains(arguments);
            case "has_key" -> new Reg(hasKey(arguments));
            case "len" -> new Reg(length(arguments.getFirst()));
            case "nsecs" ->
                new Reg(code.call(clock(arguments.isEmpty() ? "boot" : ((Expr.Name) arguments.getFirst()).name())));
            case "span_id" -> new Reg(context.requests.spanId());
            case "container", "pod", "workload" -> new Reg(code.call(Helper.CGROUP_ID));
            case "pid" -> new Reg(code.alu(Op.RSH, code.call(Helper.PID_TGID), 32));
            default -> new Reg(context.values.narrow(code.call(Helper.PID_TGID), 4, false));
        };
    }

    private int length(Expr of) {
        return context.type(of) instanceof Type.Stack stack
                ? context.memory.frames(stack)
                : new MapLoops(context).count(((Expr.MapAt) of).name());
    }

    private int isZero(int value) {
        var code = context.code;
        int result = code.register();
        int done = code.label();
        code.add(new Ir.Const(result, 1));
        code.branch(Ir.Condition.EQ, value, 0, done);
        code.add(new Ir.Const(result, 0));
        code.place(done);
        return result;
    }

    private Operand contains(List<Expr> arguments) {
        int index = new Texts(context).index(arguments.getFirst(), arguments.get(1));
        return new Reg(context.code.alu(Ir.Op.XOR, context.code.alu(Ir.Op.RSH, index, 63), 1));
    }

    private int hasKey(List<Expr> arguments) {
        var code = context.code;
        String map = ((Expr.MapAt) arguments.getFirst()).name();
        var keys = arguments.get(1) instanceof Expr.Tuple(var _, var parts) ? parts : List.of(arguments.get(1));
        int found = context.maps.lookup(map, context.maps.key(map, keys));
        int result = code.register();
        int done = code.label();
        code.add(new Ir.Const(result, 0));
        code.branch(Ir.Condition.EQ, found, 0, done);
        code.add(new Ir.Const(result, 1));
        code.place(done);
        return result;
    }

    private static int clock(String name) {
        return switch (name) {
            case "monotonic" -> Helper.MONOTONIC_NANOS;
            case "tai" -> Helper.TAI_NANOS;
            default -> Helper.BOOT_NANOS;
        };
    }

    private Operand swapped(Expr expr) {
        int value = context.values.register(expr);
        int bits = context.type(expr) instanceof Type.Int(int size, var _) ? 8 * size : 64;
        if (bits == 8) return new Reg(value);
        int to = context.code.register();
        context.code.add(new Ir.Swap(to, value, bits));
        return new Reg(to);
    }

    private Operand different(Expr.Call call) {
        var code = context.code;
        int result = code.register();
        int equal = code.label();
        int other = code.label();
        int done = code.label();
        int length = (int) context.constant(call.arguments().get(2)).orElse(0);
        new Texts(context).branch(call.arguments().get(0), call.arguments().get(1), length, equal, other);
        code.place(equal);
        code.add(new Ir.Const(result, 0));
        code.jump(done);
        code.place(other);
        code.add(new Ir.Const(result, 1));
        code.place(done);
        return new Reg(result);
    }
}
