package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Uses;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.output.RecordHead;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Statement;
import dev.spandrel.probe.type.RequestContext;
import dev.spandrel.probe.type.Type;
import java.util.Optional;

/** What is known of the request that the thread or its goroutine answers: looked up once in a program, before the first part of it that asks. */
final class Requests {
    private final Context context;
    /** Where the agent's value is; 0 if it answers no request, or nobody can be sure which. */
    private int found = Ir.NOWHERE;

    Requests(Context context) {
        this.context = context;
    }

    int found() {
        return found;
    }

    /** As the program found it. */
    void found(int register) {
        found = register;
    }

    void before(Optional<Expr> part) {
        boolean[] asks = {false};
        part.ifPresent(p -> Uses.each(p, e -> asks[0] |= asks(e)));
        if (asks[0]) find();
    }

    void before(Statement.Block body) {
        boolean[] asks = {false};
        Uses.each(body, e -> asks[0] |= asks(e));
        if (asks[0]) find();
    }

    private static boolean asks(Expr expr) {
        return expr instanceof Expr.Call(var _, var function, var _) && RequestContext.FUNCTIONS.contains(function);
    }

    private RequestContext layout() {
        return context.options.requests().orElseThrow();
    }

    private void find() {
        if (found == Ir.NOWHERE) found = look();
    }

    /** As the data path itself decides it: there is one, it is certain, and nobody ended it since. */
    private int look() {
        var code = context.code;
        int found = code.register();
        code.add(new Ir.Const(found, 0));
        if (context.options.requests().isEmpty()) return found;
        int done = code.label();
        int task = code.call(Helper.CURRENT_TASK_TYPED);
        ofThread(found, task, done);
        ofGoroutine(found, task, done);
        code.place(done);
        return found;
    }

    private void ofThread(int found, int task, int done) {
        var code = context.code;
        int none = code.label();
        var requests = code.map(context.tables.given(RequestContext.REQUESTS));
        int held = code.call(Helper.TASK_STORAGE, requests, new Reg(task), new Imm(0), new Imm(0));
        code.branch(Condition.EQ, held, 0, none);
        holds(held, code.call(Helper.PID_TGID), none);
        code.move(found, held);
        code.jump(done);
        code.place(none);
    }

    /** Go has what runs in a register; it begins with the bounds of its stack, and this is it if the thread is on that stack. */
    private void ofGoroutine(int found, int task, int done) {
        var code = context.code;
        int registers = code.call(Helper.TASK_REGISTERS, new Reg(task));
        int running = code.load(registers, context.arch.goroutine(), 8);
        int stackPointer = code.load(
                registers, context.arch.offset(context.arch.stackPointer).orElseThrow(), 8);
        code.branch(Condition.EQ, code.alu(Op.RSH, running, 32), 0, done);
        code.branch(Condition.NE, code.alu(Op.RSH, running, 47), 0, done);
        code.branch(Condition.NE, code.alu(Op.AND, running, 7), 0, done);
        var key = context.take(16);
        int unread = code.call(Helper.READ_USER, context.address(key), new Imm(16), new Reg(running));
        code.branch(Condition.NE, unread, 0, done);
        code.branch(Condition.GT, code.load(key.base(), key.offset(), 8), new Reg(stackPointer), done);
        code.branch(Condition.LE, code.load(key.base(), key.offset() + 8, 8), new Reg(stackPointer), done);
        code.store(key.base(), key.offset(), 8, running);
        code.store(key.base(), key.offset() + 8, 8, code.alu(Op.RSH, code.call(Helper.PID_TGID), 32));
        var goroutines = code.map(context.tables.given(RequestContext.GOROUTINES));
        int held = code.call(Helper.MAP_LOOKUP, goroutines, context.address(key));
        code.branch(Condition.EQ, held, 0, done);
        holds(held, code.load(held, layout().spanId(), 8), done);
        code.move(found, held);
    }

    /** Goes on where what is held is certain and still so; {@code of} folds into the array of endings. */
    private void holds(int held, int of, int otherwise) {
        var code = context.code;
        var layout = layout();
        code.branch(Condition.EQ, code.load(held, layout.spanId(), 8), 0, otherwise);
        code.branch(Condition.NE, code.load(held, layout.uncertain(), 2), 0, otherwise);
        var key = context.take(8);
        code.store(key.base(), key.offset(), 4, code.alu(Op.AND, of, layout.endings() - 1L));
        var endings = code.map(context.tables.given(RequestContext.ENDINGS));
        int ended = code.call(Helper.MAP_LOOKUP, endings, context.address(key));
        code.branch(Condition.EQ, ended, 0, otherwise);
        int since = code.load(held, layout.since(), 8);
        code.branch(Condition.GE, code.load(ended, 0, 8), new Reg(since), otherwise);
    }

    /** Into a record's head: zeroes if there is none. The look-up is made here if nothing asked before; others may not come by here. */
    void head(Place record) {
        context.memory.clear(record, RecordHead.TRACE_ID, RecordHead.MANAGED);
        if (context.options.requests().isEmpty()) return;
        var code = context.code;
        int held = found == Ir.NOWHERE ? look() : found;
        int none = code.label();
        code.branch(Condition.EQ, held, 0, none);
        for (int at = 0; at < RecordHead.SPAN_ID - RecordHead.TRACE_ID; at += 8)
            code.store(
                    record.base(),
                    record.offset() + RecordHead.TRACE_ID + at,
                    8,
                    code.load(held, layout().traceId() + at, 8));
        code.store(record.base(), record.offset() + RecordHead.SPAN_ID, 8, code.load(held, layout().spanId(), 8));
        code.place(none);
    }

    /** 0 if there is none. */
    int spanId() {
        var code = context.code;
        int id = code.register();
        int done = code.label();
        code.add(new Ir.Const(id, 0));
        if (context.options.requests().isPresent()) {
            code.branch(Condition.EQ, found, 0, done);
            code.add(new Ir.Load(id, found, layout().spanId(), 8));
        }
        code.place(done);
        return id;
    }

    /** A trace id, or what the request is called. */
    void into(Type type, Place place) {
        if (context.options.requests().isEmpty()) {
            context.memory.clear(place, 0, type.stored());
            return;
        }
        var code = context.code;
        var layout = layout();
        int none = code.label();
        int done = code.label();
        code.branch(Condition.EQ, found, 0, none);
        if (type instanceof Type.RequestName(boolean route)) {
            code.branch(Condition.EQ, code.load(found, layout.named(), 1), 0, none);
            new RequestNames(context).into(new Place(found, layout.line()), route, place, none);
        } else
            for (int at = 0; at < type.stored(); at += 8)
                code.store(place.base(), place.offset() + at, 8, code.load(found, layout.traceId() + at, 8));
        code.jump(done);
        code.place(none);
        context.memory.clear(place, 0, type.stored());
        code.place(done);
    }
}
