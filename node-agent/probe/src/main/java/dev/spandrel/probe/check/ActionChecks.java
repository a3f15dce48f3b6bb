package dev.spandrel.probe.check;

import dev.spandrel.probe.format.Format;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;

/** Checks the functions that are called for what they do. */
final class ActionChecks {
    private final Scope scope;
    private final ExpressionChecks expressions;

    ActionChecks(Scope scope, ExpressionChecks expressions) {
        this.scope = scope;
        this.expressions = expressions;
    }

    void check(Expr.Call call) {
        scope.types.put(call, new Type.None());
        if (!expressions.arity(call, Functions.ACTIONS.get(call.function()))) return;
        switch (call.function()) {
            case "printf", "cat", "system", "errorf", "warnf" -> formatted(call);
            case "print" -> print(call);
            case "clear", "zero" -> map(call);
            case "delete" -> delete(call);
            case "exit" -> number(call);
            case "signal", "signal_thread" -> signal(call);
            case "time" -> {
                if (!call.arguments().isEmpty()) text(call.arguments().getFirst(), "the format of time()");
            }
            case "join" -> join(call);
            case "static_assert", "fail", "assert_str" -> new CompileTime(scope, expressions).demand(call);
            default -> {}
        }
    }

    private void number(Expr.Call call) {
        for (Expr argument : call.arguments()) {
            var type = expressions.type(argument);
            if (!type.isInt() && Checks.known(type))
                scope.diagnostics.error(argument.span(), "a number is expected, and this is " + type);
        }
    }

    private void signal(Expr.Call call) {
        unsafe(call);
        if (!(call.arguments().getFirst() instanceof Expr.Text)) number(call);
    }

    private void unsafe(Expr.Call call) {
        if (!scope.options.unsafe())
            scope.diagnostics.error(
                    call.span(), call.function() + "() changes what it looks at, and is off", "allow it with --unsafe");
    }

    private void text(Expr expr, String what) {
        if (!(expr instanceof Expr.Text)) scope.diagnostics.error(expr.span(), what + " is a string in quotes");
        else expressions.type(expr);
    }

    private void formatted(Expr.Call call) {
        if (call.function().equals("system")) unsafe(call);
        var arguments = call.arguments();
        if (!(arguments.getFirst() instanceof Expr.Text(var _, var text))) {
            scope.diagnostics.error(
                    arguments.getFirst().span(), "the format of " + call.function() + "() is a string in quotes");
            return;
        }
        var slots = Format.parse(text).slots();
        var types = StatementChecks.types(expressions, arguments.subList(1, arguments.size()));
        if (slots.size() != types.size()) {
            scope.diagnostics.error(
                    call.span(),
                    "the format has " + slots.size() + (slots.size() == 1 ? " place" : " places") + " for values, and "
                            + types.size() + (types.size() == 1 ? " is given" : " are given"));
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            char c = slots.get(i).conversion();
            if (!fits(c, types.get(i)))
                scope.diagnostics.error(
                        arguments.get(i + 1).span(),
                        "%" + c + " cannot show " + types.get(i),
                        "%" + (fits('s', types.get(i)) ? 's' : fits('r', types.get(i)) ? 'r' : 'd') + " can");
        }
    }

    static boolean fits(char conversion, Type type) {
        return switch (type) {
            case Type.Unknown _ -> true;
            case Type.Int _, Type.Pointer _ -> "dicuxXop".indexOf(conversion) >= 0;
            case Type.Text _,
                    Type.ProbeName _,
                    Type.Named _,
                    Type.Stack _,
                    Type.Symbol _,
                    Type.Inet _,
                    Type.Mac _,
                    Type.Time _,
                    Type.TraceId _,
                    Type.SpanId _,
                    Type.RequestName _,
                    Type.Owner _,
                    Type.CgroupPath _ -> conversion == 's';
            case Type.Bytes _ -> conversion == 'r';
            case Type.Tuple _, Type.Array _, Type.Struct _, Type.None _ -> false;
            case Aggregate _ -> "dicux".indexOf(conversion) >= 0;
        };
    }

    private void print(Expr.Call call) {
        var first = call.arguments().getFirst();
        if (first instanceof Expr.MapAt map && map.keys().isEmpty() && isMap(map)) {
            for (Expr argument : call.arguments().subList(1, call.arguments().size())) {
                expressions.type(argument);
                if (scope.constant(argument).isEmpty())
                    scope.diagnostics.error(argument.span(), "how many to print, and what to divide by, are constants");
            }
            return;
        }
        if (first instanceof Expr.MapAt map && expressions.map(map) instanceof Aggregate aggregate) {
            scope.types.put(first, aggregate);
            return;
        }
        var type = expressions.type(first);
        if (type instanceof Type.None || type instanceof Type.Struct)
            scope.diagnostics.error(first.span(), "there is nothing to print in " + type);
    }

    private boolean isMap(Expr.MapAt map) {
        if (scope.maps.keys(map.name()) == null) {
            if (scope.last)
                scope.diagnostics.error(
                        map.span(),
                        "nothing is assigned to " + map.name(),
                        Near.to(map.name(), scope.maps.names())
                                .map(n -> "did you mean " + n + "?")
                                .orElse("assign to it in a probe"));
            return true;
        }
        return true;
    }

    private void map(Expr.Call call) {
        if (call.arguments().getFirst() instanceof Expr.MapAt map && map.keys().isEmpty()) isMap(map);
        else
            scope.diagnostics.error(
                    call.arguments().getFirst().span(), call.function() + "() takes a map without a key");
    }

    void delete(Expr.Call call) {
        if (!(call.arguments().getFirst() instanceof Expr.MapAt map)) {
            scope.diagnostics.error(
                    call.arguments().getFirst().span(), "delete() takes a map and its key", "delete(@m, key)");
            return;
        }
        if (call.arguments().size() == 2)
            expressions.keys(map.name(), map.span(), keysOf(call.arguments().get(1)));
        else expressions.keys(map);
        if (scope.maps.value(map.name()) instanceof Aggregate a && a.bucketed())
            scope.diagnostics.error(
                    call.span(),
                    "one key of a histogram or of a time series cannot be deleted in the kernel",
                    "clear(" + map.name() + ") empties it");
    }

    static java.util.List<Expr> keysOf(Expr key) {
        return key instanceof Expr.Tuple(var _, var parts) ? parts : java.util.List.of(key);
    }

    private void join(Expr.Call call) {
        var type = expressions.type(call.arguments().getFirst());
        if (!(type instanceof Type.Pointer || type.isInt() || type instanceof Type.Unknown))
            scope.diagnostics.error(
                    call.arguments().getFirst().span(), "join() takes a pointer to strings, and this is " + type);
        if (call.arguments().size() > 1) text(call.arguments().get(1), "what join() puts between strings");
    }
}
