package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Statement;
import dev.spandrel.probe.type.Type;

/** Lowers statements. */
final class Statements {
    private final Context context;
    private final Actions actions;

    Statements(Context context) {
        this.context = context;
        actions = new Actions(context);
    }

    void block(Statement.Block block) {
        for (Statement statement : block.statements()) {
            var mark = context.frame.mark();
            context.code.at(statement.span());
            statement(statement);
            context.frame.release(mark);
        }
    }

    private void statement(Statement statement) {
        var code = context.code;
        switch (statement) {
            case Statement.Block block -> block(block);
            case Statement.Evaluate(var _, var expression) -> evaluate(expression);
            case Statement.Assign assign -> assign(assign);
            case Statement.Declare(var _, var name, var _, var value) -> value.ifPresent(v -> variable(name, v));
            case Statement.If(var _, var condition, var yes, var no) -> {
                int taken = code.label();
                int other = code.label();
                int done = code.label();
                context.values.branch(condition, taken, other);
                code.place(taken);
                block(yes);
                code.jump(done);
                code.place(other);
                no.ifPresent(this::block);
                code.place(done);
            }
            case Statement.While(var _, var condition, var body) -> {
                var loop = new Context.Loop(code.label(), code.label());
                int taken = code.label();
                code.place(loop.next());
                context.values.looping(() -> {
                    context.values.branch(condition, taken, loop.end());
                    code.place(taken);
                    inside(loop, body);
                });
                code.jump(loop.next());
                code.place(loop.end());
            }
            case Statement.Unroll(var _, var times, var body) -> {
                int end = code.label();
                for (long i = context.constant(times).orElse(0); i > 0; i--) {
                    var loop = new Context.Loop(code.label(), end);
                    inside(loop, body);
                    code.place(loop.next());
                }
                code.place(end);
            }
            case Statement.ForRange range -> range(range);
            case Statement.ForMap loop -> new MapLoops(context).loop(loop);
            case Statement.Jump(var _, var kind) ->
                code.jump(
                        switch (kind) {
                            case RETURN -> context.end;
                            case BREAK -> context.loops.element().end();
                            case CONTINUE -> context.loops.element().next();
                        });
        }
    }

    /** The body of a loop whose repetition is not this code's. */
    void loopBody(Statement.Block body, int next, int end) {
        inside(new Context.Loop(next, end), body);
    }

    private void inside(Context.Loop loop, Statement.Block body) {
        context.loops.push(loop);
        block(body);
        context.loops.pop();
    }

    private void range(Statement.ForRange range) {
        var code = context.code;
        int variable = context.scalars.get(range.variable());
        int counter = code.register();
        code.move(counter, context.values.register(range.from()));
        int limit = code.register();
        code.move(limit, context.values.register(range.to()));
        int head = code.label();
        var loop = new Context.Loop(code.label(), code.label());
        code.place(head);
        code.branch(Condition.SGE, counter, new Reg(limit), loop.end());
        code.move(variable, counter);
        inside(loop, range.body());
        code.place(loop.next());
        code.add(new Ir.Alu(Op.ADD, counter, counter, new Imm(1)));
        code.jump(head);
        code.place(loop.end());
    }

    private void evaluate(Expr expression) {
        if (expression instanceof Expr.BlockValue(var _, var block, var value)) {
            block(block);
            evaluate(value);
        } else if (expression instanceof Expr.Call call && context.type(call) instanceof Type.None) actions.call(call);
        else if (expression instanceof Expr.Unary(var _, var operator, Expr.MapAt map, var _)
                && (operator.equals("++") || operator.equals("--")))
            context.maps.add(map, new Imm(operator.equals("++") ? 1 : -1), Ir.NOWHERE);
        else if (context.type(expression) instanceof Type.Scalar) context.values.operand(expression);
    }

    private void assign(Statement.Assign assign) {
        Expr value = assign.operator().isEmpty()
                ? assign.value()
                : new Expr.Binary(assign.span(), assign.operator(), assign.target(), assign.value());
        if (assign.target() instanceof Expr.Variable(var _, var name)) {
            if (assign.operator().isEmpty()) variable(name, value);
            else context.code.move(context.scalars.get(name), context.values.compound(assign));
        } else if (assign.target() instanceof Expr.MapAt map) {
            if (assign.operator().isEmpty()) context.maps.assign(map, value);
            else if (assign.operator().equals("+"))
                context.maps.add(map, context.values.operand(assign.value()), Ir.NOWHERE);
            else context.maps.set(map, context.values.compound(assign));
        }
    }

    private void variable(String name, Expr value) {
        var place = context.blocks.get(name);
        if (place != null)
            context.memory.into(value, place, context.body.variables().get(name).stored());
        else context.code.move(context.scalars.get(name), context.values.register(value));
    }
}
