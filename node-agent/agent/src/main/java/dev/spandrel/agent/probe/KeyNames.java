package dev.spandrel.agent.probe;

import dev.spandrel.probe.check.Uses;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.syntax.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a program calls the parts of its maps' keys, where it uses a map first: they become names of attributes. */
final class KeyNames {
    private KeyNames() {}

    static Map<String, List<String>> of(Program program, Source source) {
        Map<String, List<String>> names = new HashMap<>();
        Consumer<Expr> look = expr -> {
            if (expr instanceof Expr.MapAt(var _, var map, var keys) && !keys.isEmpty()) {
                names.putIfAbsent(map, names(keys, source));
            }
        };
        for (Program.Probe probe : program.probes()) {
            Uses.each(probe.body(), look);
            probe.predicate().ifPresent(predicate -> Uses.each(predicate, look));
        }
        return names;
    }

    private static List<String> names(List<Expr> keys, Source source) {
        List<Expr> parts = keys.size() == 1 && keys.getFirst() instanceof Expr.Tuple(var _, var inside) ? inside : keys;
        List<String> names = new ArrayList<>();
        for (Expr part : parts) {
            String name = name(part, source);
            names.add(name.isEmpty() || names.contains(name) ? "key" + (names.size() + 1) : name);
        }
        return names;
    }

    private static String name(Expr key, Source source) {
        return switch (key) {
            case Expr.Name(var _, var name) -> name;
            case Expr.Variable(var _, var name) -> name.replace("$", "");
            case Expr.Field field -> source.text(field.span()).replace("->", ".");
            case Expr.Call(var _, var function, var arguments) ->
                arguments.isEmpty() ? function : name(arguments.getFirst(), source);
            case Expr.Cast(var _, var _, var operand) -> name(operand, source);
            default -> "";
        };
    }
}
