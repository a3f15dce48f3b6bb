package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.output.Action;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.output.RecordHead;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.List;

/** Lowers what is called for what it does: most of it becomes a record for whoever reads the ring. */
final class Actions {
    private static final int JOINED = 16;
    private static final int JOINED_BYTES = 1024;
    /** Readers look on a short period; a wake-up per record would cost more than the record. */
    private static final Imm NO_WAKEUP = new Imm(1);

    private static final List<String> SIGNALS = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP");

    private final Context context;

    Actions(Context context) {
        this.context = context;
    }

    void call(Expr.Call call) {
        var arguments = call.arguments();
        switch (call.function()) {
            case "printf", "errorf", "warnf" -> formatted(Action.Formatted.Use.PRINT, arguments);
            case "system" -> formatted(Action.Formatted.Use.SYSTEM, arguments);
            case "cat" -> formatted(Action.Formatted.Use.CAT, arguments);
            case "print" -> print(arguments);
            case "clear" -> emit(new Action.Clear(map(arguments)), List.of());
            case "zero" -> emit(new Action.Zero(map(arguments)), List.of());
            case "delete" -> delete(arguments);
            case "time" ->
                emit(new Action.Time(arguments.isEmpty() ? "%H:%M:%S\n" : text(arguments.getFirst())), List.of());
            case "exit" -> {
                emit(new Action.Exit(arguments.isEmpty() ? List.of() : List.of(Type.INT64)), arguments);
                context.code.jump(context.end);
            }
            case "signal" -> signal(arguments.getFirst(), Helper.SEND_SIGNAL);
            case "signal_thread" -> signal(arguments.getFirst(), Helper.SEND_SIGNAL_THREAD);
            case "join" -> join(arguments);
            case "static_assert", "fail", "assert_str" -> {}
            default -> throw new IllegalStateException(call.function());
        }
    }

    private static String map(List<Expr> arguments) {
        return ((Expr.MapAt) arguments.getFirst()).name();
    }

    private static String text(Expr expr) {
        return ((Expr.Text) expr).value();
    }

    private void formatted(Action.Formatted.Use use, List<Expr> all) {
        var arguments = all.subList(1, all.size());
        emit(new Action.Formatted(use, text(all.getFirst()), types(arguments)), arguments);
    }

    private List<Type> types(List<Expr> arguments) {
        return arguments.stream().map(context::type).toList();
    }

    private void print(List<Expr> arguments) {
        var first = arguments.getFirst();
        boolean whole = first instanceof Expr.MapAt(var _, var name, var keys)
                && keys.isEmpty()
                && (!context.tables.maps.get(name).shape().orElseThrow().keys().isEmpty()
                        || context.type(first) instanceof dev.spandrel.probe.type.Aggregate
                        || !context.body.types().containsKey(first));
        if (!whole) {
            emit(new Action.PrintValue(types(List.of(first))), List.of(first));
            return;
        }
        long top = arguments.size() > 1 ? context.constant(arguments.get(1)).orElse(0) : 0;
        long divisor = arguments.size() > 2 ? context.constant(arguments.get(2)).orElse(1) : 1;
        emit(new Action.PrintMap(map(arguments), (int) top, divisor), List.of());
    }

    private void delete(List<Expr> arguments) {
        context.maps.delete(map(arguments), key(arguments));
    }

    /** The register that holds 0 if there was such a key. */
    int deleted(List<Expr> arguments) {
        return context.maps.deleted(map(arguments), key(arguments));
    }

    private Place key(List<Expr> arguments) {
        if (arguments.size() == 1) return context.maps.key((Expr.MapAt) arguments.getFirst());
        return context.maps.key(
                map(arguments),
                arguments.get(1) instanceof Expr.Tuple(var _, var parts) ? parts : List.of(arguments.get(1)));
    }

    private void signal(Expr expr, int helper) {
        if (!(expr instanceof Expr.Text(var _, var name))) {
            context.code.run(helper, context.values.operand(expr));
            return;
        }
        String plain = name.startsWith("SIG") ? name.substring(3) : name;
        context.code.run(helper, new Imm(Math.max(0, SIGNALS.indexOf(plain))));
    }

    private void emit(Action action, List<Expr> arguments) {
        int at = context.tables.headBytes;
        int bytes = at + action.arguments().stream().mapToInt(Type::stored).sum();
        int full = context.code.label();
        var record = reserve(action, bytes, full);
        for (int i = 0; i < arguments.size(); i++) {
            int size = action.arguments().get(i).stored();
            context.memory.into(arguments.get(i), record.plus(at), size);
            at += size;
        }
        submit(record, full);
    }

    /** Written where it is read: no copy is made. */
    private Place reserve(Action action, int bytes, int full) {
        var code = context.code;
        int record = code.call(Helper.RING_RESERVE, code.map(context.tables.ring()), new Imm(bytes), new Imm(0));
        code.branch(Condition.EQ, record, 0, full);
        code.store(record, RecordHead.ACTION, 8, (long) context.tables.action(action));
        var place = new Place(record, 0);
        if (context.tables.managed) head(place, action);
        return place;
    }

    private void head(Place record, Action action) {
        var code = context.code;
        code.store(record.base(), RecordHead.TIME, 8, code.call(Helper.MONOTONIC_NANOS));
        code.store(record.base(), RecordHead.CGROUP, 8, context.cgroup);
        code.store(record.base(), RecordHead.THREAD, 8, code.call(Helper.PID_TGID));
        if (action.isText()) context.requests.head(record);
        else context.memory.clear(record, RecordHead.TRACE_ID, RecordHead.MANAGED);
    }

    private void submit(Place record, int full) {
        var code = context.code;
        int done = code.label();
        code.run(Helper.RING_SUBMIT, new Reg(record.base()), NO_WAKEUP);
        code.jump(done);
        code.place(full);
        context.maps.count(MapSpec.LOST);
        code.place(done);
    }

    private void join(List<Expr> arguments) {
        var code = context.code;
        boolean user = context.type(arguments.getFirst()) instanceof Type.Pointer(var _, boolean u)
                ? u
                : context.instance().userSpace();
        int array = context.values.register(arguments.getFirst());
        String separator = arguments.size() > 1 ? text(arguments.get(1)) : " ";
        int full = code.label();
        var record = reserve(
                new Action.Join(separator, JOINED, JOINED_BYTES),
                context.tables.headBytes + JOINED * JOINED_BYTES,
                full);
        var pointer = context.take(8);
        for (int i = 0; i < JOINED; i++) {
            var fields = context.values.fields();
            fields.copy(new Fields.Location(array, 8 * i, Space.of(user)), pointer, new Imm(8));
            int from = code.load(pointer.base(), pointer.offset(), 8);
            fields.copyText(
                    new Fields.Location(from, 0, Space.of(user)),
                    record.plus(context.tables.headBytes + i * JOINED_BYTES),
                    new Imm(JOINED_BYTES));
        }
        submit(record, full);
    }
}
