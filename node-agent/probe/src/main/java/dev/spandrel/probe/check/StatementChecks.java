package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Statement;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.List;

/** Checks the statements of one instance. */
final class StatementChecks {
    private final Scope scope;
    private final ExpressionChecks expressions;

    StatementChecks(Scope scope) {
        this.scope = scope;
        expressions = new ExpressionChecks(scope);
    }

    void probe() {
        scope.instance.probe().predicate().ifPresent(expressions::condition);
        block(scope.instance.probe().body());
    }

    void block(Statement.Block block) {
        block.statements().forEach(this::statement);
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Block block -> block(block);
            case Statement.Evaluate(var _, var expression) -> evaluate(expression);
            case Statement.Assign assign -> assign(assign);
            case Statement.Declare declare -> declare(declare);
            case Statement.If(var _, var condition, var yes, var no) -> {
                expressions.condition(condition);
                var known = scope.constant(condition);
                behind(known.isPresent() && known.getAsLong() == 0, yes);
                no.ifPresent(other -> behind(known.isPresent() && known.getAsLong() != 0, other));
            }
            case Statement.While(var _, var condition, var body) -> {
                expressions.condition(condition);
                loop(body);
            }
            case Statement.Unroll(var _, var times, var body) -> {
                expressions.type(times);
                var constant = scope.constant(times);
                if (constant.isEmpty() || constant.getAsLong() < 1 || constant.getAsLong() > 100)
                    scope.diagnostics.error(times.span(), "unroll takes a constant from 1 to 100");
                loop(body);
            }
            case Statement.ForRange(var _, var variable, var from, var to, var body) -> {
                number(from);
                number(to);
                scope.variables.put(variable, Type.INT64);
                loop(body);
            }
            case Statement.ForMap loop -> forMap(loop);
            case Statement.Jump(var span, var kind) -> {
                if (kind != Statement.Jump.Kind.RETURN && scope.loops == 0)
                    scope.diagnostics.error(
                            span, kind.name().toLowerCase(java.util.Locale.ROOT) + " stands outside of a loop");
            }
        }
    }

    private void behind(boolean never, Statement.Block block) {
        if (never) scope.unreachable++;
        block(block);
        if (never) scope.unreachable--;
    }

    private void loop(Statement.Block body) {
        scope.loops++;
        block(body);
        scope.loops--;
    }

    /** The variable is a tuple of key and value. */
    private void forMap(Statement.ForMap loop) {
        var keys = scope.maps.keys(loop.map());
        var value = scope.maps.value(loop.map());
        if (keys == null || keys.isEmpty() || !Checks.known(value)) {
            if (scope.last)
                scope.diagnostics.error(loop.span(), "there is no map " + loop.map() + " with keys to go through");
            return;
        }
        if (value instanceof Aggregate aggregate && aggregate.number().isEmpty()) {
            scope.diagnostics.error(
                    loop.span(), loop.map() + " holds " + value + ", which a program cannot read", "print it");
            return;
        }
        if (scope.inMapLoop) {
            scope.diagnostics.error(loop.span(), "a loop over a map cannot be inside of another one");
            return;
        }
        Type key = keys.size() == 1 ? keys.getFirst() : new Type.Tuple(keys);
        var entry = value instanceof Aggregate aggregate ? aggregate.number().orElseThrow() : value;
        scope.variables.put(loop.variable(), new Type.Tuple(List.of(key, entry)));
        scope.inMapLoop = true;
        loop(loop.body());
        scope.inMapLoop = false;
    }

    private void number(Expr expr) {
        var type = expressions.type(expr);
        if (Checks.known(type) && !type.isInt())
            scope.diagnostics.error(expr.span(), "a number is expected, and this is " + type);
    }

    private void evaluate(Expr expression) {
        if (expression instanceof Expr.BlockValue(var _, var block, var value)) {
            block(block);
            scope.types.put(expression, new Type.None());
            evaluate(value);
            return;
        }
        if (expression instanceof Expr.Call call && Functions.AGGREGATES.containsKey(call.function())) {
            scope.diagnostics.error(
                    call.span(), call.function() + "() is assigned to a map", "@name = " + scopeText(call));
            return;
        }
        if (expression instanceof Expr.Call call && Functions.ACTIONS.containsKey(call.function())) {
            new ActionChecks(scope, expressions).check(call);
            return;
        }
        expressions.type(expression);
    }

    private static String scopeText(Expr.Call call) {
        return call.function() + "(" + (call.arguments().isEmpty() ? "" : "…") + ")";
    }

    private void declare(Statement.Declare declare) {
        Type type = declare.value().map(expressions::type).orElse(new Type.Unknown());
        if (declare.type().isPresent()) {
            var named = scope.structs.resolve(declare.type().get(), scope.instance.userSpace());
            if (named.isEmpty())
                scope.diagnostics.error(
                        declare.type().get().span(),
                        "there is no type '" + declare.type().get().name() + "'");
            else type = named.get();
        }
        variable(declare.variable(), type, declare.span());
    }

    private void variable(String name, Type type, dev.spandrel.probe.syntax.Span span) {
        if (type instanceof Type.None || type instanceof Aggregate) {
            scope.diagnostics.error(span, "this gives nothing that " + name + " could hold");
            return;
        }
        var before = scope.variables.get(name);
        var both = before == null ? type : MapTypes.merge(before, type);
        if (both == null) scope.diagnostics.error(span, name + " holds " + before + ", and this is " + type);
        else scope.variables.put(name, both);
    }

    private void assign(Statement.Assign assign) {
        switch (assign.target()) {
            case Expr.Variable(var _, var name) -> {
                if (!assign.operator().isEmpty()) expressions.type(assign.target());
                Type type = expressions.type(assign.value());
                if (!assign.operator().isEmpty()) type = arithmetic(assign, type);
                variable(name, type, assign.value().span());
                scope.types.put(assign.target(), scope.variables.getOrDefault(name, type));
            }
            case Expr.MapAt map -> map(assign, map);
            default -> scope.diagnostics.error(assign.target().span(), "only a map or a variable can be assigned to");
        }
    }

    private Type arithmetic(Statement.Assign assign, Type type) {
        if (!type.isInt() && Checks.known(type))
            scope.diagnostics.error(assign.value().span(), assign.operator() + "= takes a number, and this is " + type);
        return Type.INT64;
    }

    private void map(Statement.Assign assign, Expr.MapAt map) {
        expressions.keys(map);
        Type value;
        if (assign.value() instanceof Expr.Call call && Functions.AGGREGATES.containsKey(call.function())) {
            if (!assign.operator().isEmpty())
                scope.diagnostics.error(assign.span(), call.function() + "() is assigned with '='");
            value = new AggregateChecks(scope, expressions).check(call);
            scope.types.put(call, value);
        } else {
            value = expressions.type(assign.value());
            if (!assign.operator().isEmpty()) value = arithmetic(assign, value);
        }
        if (value instanceof Type.None) {
            scope.diagnostics.error(assign.value().span(), "this gives no value");
            return;
        }
        if (value instanceof Type.Struct) {
            scope.diagnostics.error(
                    assign.value().span(),
                    "a whole struct cannot be kept in a map",
                    "keep its fields: (" + "a.x, a.y)");
            return;
        }
        if (value instanceof Type.Int(int _, boolean signed)) value = new Type.Int(8, signed);
        if (!scope.maps.seeValue(map.name(), value))
            scope.diagnostics.error(
                    assign.value().span(),
                    map.name() + " holds " + scope.maps.value(map.name()) + ", and this is " + value);
        scope.types.put(map, scope.maps.value(map.name()));
    }

    static List<Type> types(ExpressionChecks expressions, List<Expr> all) {
        var types = new ArrayList<Type>();
        for (Expr expr : all) types.add(expressions.type(expr));
        return types;
    }
}
