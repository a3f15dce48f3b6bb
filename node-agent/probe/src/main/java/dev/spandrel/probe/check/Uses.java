package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.syntax.Statement;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Walks a probe. */
public final class Uses {
    private Uses() {}

    /** Whether the probe has an expression of this kind anywhere. */
    public static boolean any(Program.Probe probe, Predicate<Expr> wanted) {
        boolean[] found = {false};
        Consumer<Expr> look = e -> found[0] |= wanted.test(e);
        probe.predicate().ifPresent(e -> each(e, look));
        each(probe.body(), look);
        return found[0];
    }

    static boolean kernelStack(Program.Probe probe) {
        return any(
                probe,
                e -> e instanceof Expr.Name(var _, var name) && name.equals("kstack")
                        || e instanceof Expr.Call(var _, var function, var _) && function.equals("kstack"));
    }

    static boolean name(Program.Probe probe, String... names) {
        var wanted = List.of(names);
        return any(probe, e -> e instanceof Expr.Name(var _, var name) && wanted.contains(name));
    }

    /** All statements, those inside of others too. */
    public static void statements(Statement statement, Consumer<Statement> visit) {
        visit.accept(statement);
        switch (statement) {
            case Statement.If(var _, var _, var yes, var no) -> {
                statements(yes, visit);
                no.ifPresent(b -> statements(b, visit));
            }
            case Statement.While(var _, var _, var body) -> statements(body, visit);
            case Statement.Unroll(var _, var _, var body) -> statements(body, visit);
            case Statement.ForRange(var _, var _, var _, var _, var body) -> statements(body, visit);
            case Statement.ForMap(var _, var _, var _, var body) -> statements(body, visit);
            case Statement.Block(var _, var inside) -> inside.forEach(s -> statements(s, visit));
            case Statement.Evaluate _, Statement.Assign _, Statement.Declare _, Statement.Jump _ -> {}
        }
    }

    public static void each(Statement statement, Consumer<Expr> visit) {
        switch (statement) {
            case Statement.Evaluate(var _, var e) -> each(e, visit);
            case Statement.Assign(var _, var target, var _, var value) -> {
                each(target, visit);
                each(value, visit);
            }
            case Statement.Declare(var _, var _, var _, var value) -> value.ifPresent(e -> each(e, visit));
            case Statement.If(var _, var condition, var yes, var no) -> {
                each(condition, visit);
                each(yes, visit);
                no.ifPresent(b -> each(b, visit));
            }
            case Statement.While(var _, var condition, var body) -> {
                each(condition, visit);
                each(body, visit);
            }
            case Statement.Unroll(var _, var times, var body) -> {
                each(times, visit);
                each(body, visit);
            }
            case Statement.ForRange(var _, var _, var from, var to, var body) -> {
                each(from, visit);
                each(to, visit);
                each(body, visit);
            }
            case Statement.ForMap(var _, var _, var _, var body) -> each(body, visit);
            case Statement.Jump _ -> {}
            case Statement.Block(var _, var statements) -> statements.forEach(s -> each(s, visit));
        }
    }

    public static void each(Expr expr, Consumer<Expr> visit) {
        visit.accept(expr);
        switch (expr) {
            case Expr.Number _, Expr.Text _, Expr.Parameter _, Expr.Name _, Expr.Variable _, Expr.OffsetOf _ -> {}
            case Expr.MapAt(var _, var _, var keys) -> keys.forEach(k -> each(k, visit));
            case Expr.Unary(var _, var _, var operand, var _) -> each(operand, visit);
            case Expr.Binary(var _, var _, var left, var right) -> {
                each(left, visit);
                each(right, visit);
            }
            case Expr.Ternary(var _, var condition, var yes, var no) -> {
                each(condition, visit);
                each(yes, visit);
                each(no, visit);
            }
            case Expr.Call(var _, var _, var arguments) -> arguments.forEach(a -> each(a, visit));
            case Expr.Field(var _, var of, var _, var _) -> each(of, visit);
            case Expr.Part(var _, var of, var _) -> each(of, visit);
            case Expr.Index(var _, var of, var index) -> {
                each(of, visit);
                each(index, visit);
            }
            case Expr.Cast(var _, var _, var operand) -> each(operand, visit);
            case Expr.Tuple(var _, var parts) -> parts.forEach(p -> each(p, visit));
            case Expr.BlockValue(var _, var block, var value) -> {
                each(block, visit);
                each(value, visit);
            }
            case Expr.SizeOf(var _, var _, var operand) -> operand.ifPresent(o -> each(o, visit));
        }
    }
}
