package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Program.MacroDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts the bodies of macros where they are called. A body sees what it is given, and its own variables. */
final class Macros extends Rewriting {
    private static final int DEEPEST = 32;

    private final Map<String, MacroDefinition> macros;
    private final Diagnostics diagnostics;
    private int depth;
    private int expansions;

    private Macros(List<MacroDefinition> all, Diagnostics diagnostics) {
        macros = all.stream().collect(Collectors.toMap(MacroDefinition::name, m -> m, (a, b) -> b));
        this.diagnostics = diagnostics;
    }

    static Program expand(Program program, Diagnostics diagnostics) {
        var macros = new Macros(program.macros(), diagnostics);
        var probes = program.probes().stream().map(macros::probe).toList();
        return new Program(program.config(), program.types(), List.of(), program.declarations(), probes);
    }

    @Override
    Expr expr(Expr expr) {
        var call = call(expr);
        if (call.isEmpty()) return super.expr(expr);
        var block = expanded(call.get(), expr.span());
        if (block.isEmpty()) return new Expr.Number(expr.span(), 0, "0");
        var statements = new ArrayList<>(block.get().statements());
        if (!statements.isEmpty() && statements.getLast() instanceof Statement.Evaluate(var _, var value)) {
            statements.removeLast();
            if (statements.isEmpty()) return value;
            return new Expr.BlockValue(
                    expr.span(), new Statement.Block(block.get().span(), statements), value);
        }
        diagnostics.error(expr.span(), "this macro gives no value: its body does not end with an expression");
        return new Expr.Number(expr.span(), 0, "0");
    }

    @Override
    Statement statement(Statement statement) {
        if (statement instanceof Statement.Evaluate(var span, var expression)) {
            var call = call(expression);
            if (call.isPresent()) return expanded(call.get(), span).orElse(new Statement.Block(span, List.of()));
        }
        return super.statement(statement);
    }

    private Optional<Expr.Call> call(Expr expr) {
        return switch (expr) {
            case Expr.Call call when macro(call).isPresent() -> Optional.of(call);
            case Expr.Name(var span, var name)
            when macro(new Expr.Call(span, name, List.of()))
                    .filter(m -> m.parameters().isEmpty())
                    .isPresent() -> Optional.of(new Expr.Call(span, name, List.of()));
            default -> Optional.empty();
        };
    }

    /** The program's own come first. */
    private Optional<MacroDefinition> macro(Expr.Call call) {
        var own = macros.get(call.function());
        return own != null
                ? Optional.of(own)
                : Prelude.find(call.function(), call.arguments().size());
    }

    private Optional<Statement.Block> expanded(Expr.Call call, Span span) {
        var macro = macro(call).orElseThrow();
        // What is wrong with a body that nobody wrote is wrong where it was called.
        Optional<Span> place = macros.containsValue(macro) ? Optional.empty() : Optional.of(call.span());
        int wanted = macro.parameters().size();
        if (call.arguments().size() != wanted) {
            diagnostics.error(
                    span,
                    "the macro " + macro.name() + " takes " + wanted + (wanted == 1 ? " argument" : " arguments")
                            + ", and " + call.arguments().size()
                            + (call.arguments().size() == 1 ? " is" : " are")
                            + " given");
            return Optional.empty();
        }
        if (depth == DEEPEST) {
            diagnostics.error(
                    span, "macros call one another more than " + DEEPEST + " deep", "a macro cannot call itself");
            return Optional.empty();
        }
        var given = new HashMap<String, Expr>();
        for (int i = 0; i < wanted; i++)
            given(macro.parameters().get(i), call.arguments().get(i), given);
        depth++;
        var body = block(new Body(given, ++expansions, place).block(macro.body()));
        depth--;
        return Optional.of(body);
    }

    private void given(String parameter, Expr argument, Map<String, Expr> given) {
        boolean map = parameter.startsWith("@");
        boolean variable = parameter.startsWith("$");
        if (map && !(argument instanceof Expr.MapAt at && at.keys().isEmpty())) {
            diagnostics.error(argument.span(), parameter + " of this macro is a map, without a key");
            given.put(parameter, new Expr.MapAt(argument.span(), parameter, List.of()));
        } else if (variable && !(argument instanceof Expr.Variable)) {
            diagnostics.error(
                    argument.span(),
                    parameter + " of this macro is a variable",
                    "an expression goes to a name without $");
            given.put(parameter, new Expr.Variable(argument.span(), parameter));
        } else given.put(parameter, argument);
    }

    /** A body with what was given in place of its parameters, and names of its own for its variables. */
    private final class Body extends Rewriting {
        private final Map<String, Expr> given;
        private final int number;
        private final Optional<Span> place;

        private Body(Map<String, Expr> given, int number, Optional<Span> place) {
            this.given = given;
            this.number = number;
            this.place = place;
        }

        @Override
        Span span(Span span) {
            return place.orElse(span);
        }

        @Override
        Expr expr(Expr expr) {
            if (expr instanceof Expr.Name(var _, var name) && given.containsKey(name))
                return new Rewriting().expr(given.get(name));
            return super.expr(expr);
        }

        @Override
        Expr.MapAt map(Expr.MapAt map) {
            if (given.get(map.name()) instanceof Expr.MapAt(var _, var name, var _))
                return new Expr.MapAt(span(map.span()), name, all(map.keys()));
            diagnostics.error(
                    map.span(), "a macro sees only the maps that it is given", "make " + map.name() + " a parameter");
            return map;
        }

        @Override
        String variable(String name) {
            return given.get(name) instanceof Expr.Variable(var _, var meant) ? meant : name + "'" + number;
        }
    }
}
