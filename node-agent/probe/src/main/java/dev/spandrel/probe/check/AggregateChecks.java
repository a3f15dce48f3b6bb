package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Aggregate.Within;
import dev.spandrel.probe.type.Type;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Checks what is assigned to a map to be gathered there. */
final class AggregateChecks {
    private static final int MOST_LINEAR = 1000;

    private final Scope scope;
    private final ExpressionChecks expressions;

    AggregateChecks(Scope scope, ExpressionChecks expressions) {
        this.scope = scope;
        this.expressions = expressions;
    }

    Type check(Expr.Call call) {
        var types = StatementChecks.types(expressions, call.arguments());
        if (!expressions.arity(call, Functions.AGGREGATES.get(call.function()))) return new Type.Unknown();
        boolean signed = true;
        if (!types.isEmpty()) {
            var first = types.getFirst();
            if (!(first instanceof Type.Int(int _, boolean sign))) {
                if (Checks.known(first))
                    scope.diagnostics.error(
                            call.arguments().getFirst().span(),
                            call.function() + "() takes a number, and this is " + first);
                return new Type.Unknown();
            }
            signed = sign;
        }
        return switch (call.function()) {
            case "count" -> new Aggregate.Count();
            case "sum" -> new Aggregate.Sum(signed);
            case "min" -> new Aggregate.Extreme(false, signed);
            case "max" -> new Aggregate.Extreme(true, signed);
            case "avg" -> new Aggregate.Average(false, signed);
            case "stats" -> new Aggregate.Average(true, signed);
            case "hist" -> histogram(call);
            case "tseries" -> series(call, signed);
            default -> linear(call);
        };
    }

    private Type histogram(Expr.Call call) {
        if (call.arguments().size() == 1) return new Aggregate.Histogram(0);
        var bits = scope.constant(call.arguments().get(1));
        if (bits.isEmpty() || bits.getAsLong() < 0 || bits.getAsLong() > 5) {
            scope.diagnostics.error(
                    call.arguments().get(1).span(),
                    "the second argument of hist() is a constant from 0 to 5: each power of two has 2 to that number of buckets");
            return new Type.Unknown();
        }
        return new Aggregate.Histogram((int) bits.getAsLong());
    }

    private Type linear(Expr.Call call) {
        var bounds = new long[3];
        for (int i = 0; i < 3; i++) {
            var value = scope.constant(call.arguments().get(i + 1));
            if (value.isEmpty()) {
                scope.diagnostics.error(
                        call.arguments().get(i + 1).span(), "minimum, maximum and step of lhist() are constants");
                return new Type.Unknown();
            }
            bounds[i] = value.getAsLong();
        }
        if (bounds[0] < 0
                || bounds[2] <= 0
                || bounds[1] <= bounds[0]
                || (bounds[1] - bounds[0]) / bounds[2] > MOST_LINEAR) {
            scope.diagnostics.error(
                    call.span(),
                    "lhist() needs 0 <= minimum < maximum, a step above 0 and at most " + MOST_LINEAR + " buckets",
                    "lhist(n, 0, 1000, 100)");
            return new Type.Unknown();
        }
        return new Aggregate.Linear(bounds[0], bounds[1], bounds[2]);
    }

    private Type series(Expr.Call call, boolean signed) {
        var arguments = call.arguments();
        var nanos = scope.constant(arguments.get(1));
        var intervals = scope.constant(arguments.get(2));
        int most = scope.options.mapEntries();
        if (nanos.isEmpty()
                || nanos.getAsLong() < 1
                || intervals.isEmpty()
                || intervals.getAsLong() < 1
                || intervals.getAsLong() > most) {
            scope.diagnostics.error(
                    call.span(),
                    "tseries() takes a duration and how many of them to keep, both constants, and at most " + most
                            + " of them: the map has no more keys",
                    "tseries(n, 100ms, 20)");
            return new Type.Unknown();
        }
        var within = arguments.size() < 4 ? Optional.of(Within.LAST) : within(arguments.get(3));
        if (within.isEmpty()) {
            scope.diagnostics.error(
                    arguments.get(3).span(),
                    "values of one interval are put together by \"avg\", \"max\", \"min\" or \"sum\"");
            return new Type.Unknown();
        }
        return new Aggregate.Series(nanos.getAsLong(), (int) intervals.getAsLong(), within.get(), signed);
    }

    private static Optional<Within> within(Expr expr) {
        if (!(expr instanceof Expr.Text(var _, var name))) return Optional.empty();
        return Arrays.stream(Within.values())
                .filter(w ->
                        w != Within.LAST && w.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
