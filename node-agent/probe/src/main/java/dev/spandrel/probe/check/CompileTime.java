package dev.spandrel.probe.check;

import dev.spandrel.probe.format.Format;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/** Functions whose value is known before the program runs. */
final class CompileTime {
    private final Scope scope;
    private final ExpressionChecks expressions;

    CompileTime(Scope scope, ExpressionChecks expressions) {
        this.scope = scope;
        this.expressions = expressions;
    }

    Type value(Expr.Call call) {
        return switch (call.function()) {
            case "getopt" -> new NamedParameters(scope, expressions).value(call);
            case "pton" -> address(call);
            case "probetype" ->
                scope.content(call, kind(scope.instance.points().getFirst().name()));
            case "has_cpid" -> scope.constant(call, scope.options.child().isPresent() ? 1 : 0);
            case "cpid" -> {
                if (scope.options.child().isEmpty())
                    scope.diagnostics.error(
                            call.span(), "cpid is the process that -c runs, and there is none", "-c COMMAND");
                yield scope.constant(call, scope.options.child().orElse(0));
            }
            case "default_str_length" -> scope.constant(call, scope.options.textBytes());
            case "strcap" -> capacity(call);
            default -> ofType(call);
        };
    }

    private static String kind(String point) {
        String provider = point.replaceFirst(":.*", "");
        return provider.equals("BEGIN") || provider.equals("END") ? "special" : provider;
    }

    private Type ofType(Expr.Call call) {
        var argument = call.arguments().getFirst();
        var type = expressions.type(argument);
        boolean holds = switch (call.function()) {
            case "is_str" -> isText(type);
            case "is_array" -> type instanceof Type.Array;
            case "is_integer" -> type.isInt();
            case "is_unsigned_integer" -> isUnsigned(argument, type);
            case "is_ptr" -> type instanceof Type.Pointer;
            case "is_literal" ->
                argument instanceof Expr.Number
                        || argument instanceof Expr.Text
                        || argument instanceof Expr.Name(var _, var name) && name.matches("true|false");
            default -> throw new IllegalStateException(call.function());
        };
        return scope.constant(call, holds ? 1 : 0);
    }

    private static boolean isText(Type type) {
        return type instanceof Type.Text || type instanceof Type.ProbeName || type instanceof Type.Named;
    }

    /** A constant that is not negative is unsigned, as in the language. */
    private boolean isUnsigned(Expr argument, Type type) {
        var constant = scope.constant(argument);
        return type instanceof Type.Int(int _, boolean signed)
                && (constant.isPresent() ? constant.getAsLong() >= 0 : !signed);
    }

    private Type capacity(Expr.Call call) {
        var argument = call.arguments().getFirst();
        return switch (expressions.type(argument)) {
            case Type.Text(int size) -> scope.constant(call, argument instanceof Expr.Text ? size - 1 : size);
            case Type.Array(Type _, int count) -> scope.constant(call, count);
            case Type.Pointer _ -> scope.constant(call, scope.options.textBytes());
            case Type.Unknown unknown -> unknown;
            case Type type -> {
                scope.diagnostics.error(argument.span(), "strcap() takes a string or an array, and this is " + type);
                yield new Type.Unknown();
            }
        };
    }

    private Type address(Expr.Call call) {
        var argument = call.arguments().getFirst();
        expressions.type(argument);
        if (argument instanceof Expr.Text(var _, var text)) {
            var bytes = Addresses.parse(text);
            if (bytes.isPresent()) {
                scope.contents.put(call, bytes.get());
                return new Type.Array(new Type.Int(1, false), bytes.get().length);
            }
        }
        scope.diagnostics.error(
                argument.span(), "pton() takes an address in quotes", "pton(\"127.0.0.1\") or pton(\"::1\")");
        return new Type.Unknown();
    }

    /** The text of $N, or of $N + M without its first M bytes: as str() takes it. */
    Optional<String> parameter(Expr expr) {
        if (expr instanceof Expr.Parameter(var _, int index) && index > 0)
            return Optional.of(index <= scope.options.parameters().size() ? scope.parameter(index) : "");
        if (!(expr instanceof Expr.Binary(var _, var operator, var left, var right))
                || !operator.equals("+")
                || !(left instanceof Expr.Parameter)) return Optional.empty();
        var text = parameter(left);
        expressions.type(right);
        var skipped = scope.constant(right);
        if (text.isEmpty()) return text;
        if (skipped.isEmpty()
                || skipped.getAsLong() < 0
                || skipped.getAsLong() > text.get().length()) {
            scope.diagnostics.error(
                    right.span(),
                    "what is added to a parameter is a constant, up to its length of "
                            + text.get().length());
            return Optional.of("");
        }
        return Optional.of(text.get().substring((int) skipped.getAsLong()));
    }

    /** What must be so for there to be a program. */
    void demand(Expr.Call call) {
        var first = call.arguments().getFirst();
        switch (call.function()) {
            case "fail" -> {
                var rest = call.arguments().subList(1, call.arguments().size());
                StatementChecks.types(expressions, rest);
                if (scope.unreachable == 0) scope.diagnostics.error(call.span(), failure(first, rest));
            }
            case "assert_str" -> {
                var type = expressions.type(first);
                if (!isText(type) && Checks.known(type))
                    scope.diagnostics.error(first.span(), "a string is expected, and this is " + type);
            }
            default -> {
                expressions.condition(first);
                var constant = scope.constant(first);
                String message =
                        call.arguments().size() > 1 && call.arguments().get(1) instanceof Expr.Text(var _, var t)
                                ? t
                                : "static_assert() does not hold";
                if (constant.isEmpty()) {
                    if (scope.last)
                        scope.diagnostics.error(
                                first.span(),
                                "static_assert() asks what is known before the program runs",
                                "assert() asks while it runs");
                } else if (constant.getAsLong() == 0 && scope.unreachable == 0)
                    scope.diagnostics.error(call.span(), message);
            }
        }
    }

    private String failure(Expr format, List<Expr> values) {
        if (!(format instanceof Expr.Text(var _, var text))) return "the format of fail() is a string in quotes";
        var parsed = Format.parse(text);
        String shown = text;
        for (int i = 0; i < Math.min(values.size(), parsed.slots().size()); i++) {
            var value = values.get(i);
            var constant = scope.constant(value);
            String given = value instanceof Expr.Text(var _, var literal)
                    ? literal
                    : constant.isPresent() ? Long.toString(constant.getAsLong()) : "?";
            shown = shown.replaceFirst("%[-0-9.]*(ll|l|h)*[a-zA-Z]", Matcher.quoteReplacement(given));
        }
        return shown.strip();
    }
}
