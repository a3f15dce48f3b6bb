package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Span;
import dev.spandrel.probe.type.Type;
import java.util.Set;
import java.util.TreeSet;

/** Parameters by name: what getopt() asks for, with the type of what it falls back to. */
final class NamedParameters {
    private final Scope scope;
    private final ExpressionChecks expressions;

    NamedParameters(Scope scope, ExpressionChecks expressions) {
        this.scope = scope;
        this.expressions = expressions;
    }

    Type value(Expr.Call call) {
        var arguments = call.arguments();
        StatementChecks.types(expressions, arguments);
        if (!(arguments.getFirst() instanceof Expr.Text(var _, var name))) {
            scope.diagnostics.error(arguments.getFirst().span(), "a parameter's name is a string in quotes");
            return new Type.Unknown();
        }
        scope.maps.asked().add(name);
        String given = scope.options.named().get(name);
        if (arguments.size() == 1) return flag(call, name, given == null ? "false" : given);
        var otherwise = arguments.get(1);
        if (otherwise instanceof Expr.Text(var _, var text)) return scope.content(call, given == null ? text : given);
        if (otherwise instanceof Expr.Name(var _, var word) && word.matches("true|false"))
            return flag(call, name, given == null ? word : given);
        var constant = scope.constant(otherwise);
        if (constant.isEmpty()) {
            scope.diagnostics.error(
                    otherwise.span(), "what a parameter is without a value is a number, true, false or a string");
            return new Type.Unknown();
        }
        if (given == null) return scope.constant(call, constant.getAsLong());
        try {
            return scope.constant(call, Long.decode(given));
        } catch (NumberFormatException e) {
            scope.diagnostics.error(call.span(), "--" + name + " is a number, and '" + given + "' is none");
            return new Type.Unknown();
        }
    }

    private Type flag(Expr.Call call, String name, String given) {
        return switch (given) {
            case "", "true", "1" -> scope.constant(call, 1);
            case "false", "0" -> scope.constant(call, 0);
            default -> {
                scope.diagnostics.error(call.span(), "--" + name + " is true or false, and not '" + given + "'");
                yield new Type.Unknown();
            }
        };
    }

    /** An error for each that is given and not asked for. */
    static void unasked(Set<String> given, Set<String> asked, Diagnostics diagnostics) {
        for (String name : new TreeSet<>(given)) {
            if (asked.contains(name)) continue;
            String known = asked.isEmpty()
                    ? "it asks for none: getopt(\"" + name + "\")"
                    : Near.to(name, asked)
                            .map(n -> "did you mean --" + n + "?")
                            .orElse("it asks for --" + String.join(", --", new TreeSet<>(asked)));
            diagnostics.error(Span.NONE, "the program asks for no parameter --" + name, known);
        }
    }
}
