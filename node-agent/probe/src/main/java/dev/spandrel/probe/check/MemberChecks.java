package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Span;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.List;

/** Types of what is a part of something else: fields, elements, parts of tuples, arguments of probes. */
final class MemberChecks {
    private final Scope scope;
    private final ExpressionChecks expressions;

    MemberChecks(Scope scope, ExpressionChecks expressions) {
        this.scope = scope;
        this.expressions = expressions;
    }

    Type field(Expr.Field field) {
        if (field.of() instanceof Expr.Name(var _, var name) && name.equals("args")) return argument(field);
        var of = expressions.type(field.of());
        boolean user = of instanceof Type.Pointer(var _, boolean u) ? u : scope.instance.userSpace();
        var target = of instanceof Type.Pointer(var t, var _) ? t : of;
        if (!Checks.known(of)) return of;
        if (!(target instanceof Type.Struct(var name))) {
            scope.diagnostics.error(field.span(), of + " has no fields");
            return new Type.Unknown();
        }
        var layout = scope.structs.layout(name);
        var member = layout.map(l -> l.members().get(field.name()));
        if (member.isPresent()) return Structs.asText(placed(member.get(), user));
        expressions.unknown(
                field.span(),
                "field '" + field.name() + "' in " + name,
                layout.flatMap(l -> Near.to(field.name(), l.members().keySet())));
        return new Type.Unknown();
    }

    /** A pointer found in memory of a process points to such memory. */
    private static Type placed(Layout.Member member, boolean user) {
        return member.type() instanceof Type.Pointer(var target, var _)
                ? new Type.Pointer(target, user)
                : member.type();
    }

    private Type argument(Expr.Field field) {
        scope.types.put(field.of(), new Type.Pointer(new Type.Struct("args"), false));
        var names = new ArrayList<String>();
        for (var raw : scope.instance.raw()) {
            if (raw.name().equals(field.name())) return raw.type();
            names.add(raw.name());
        }
        var format = scope.instance.format();
        if (format.isPresent()) {
            var found = format.get().field(field.name());
            if (found.isPresent()) return found.get().type();
            format.get().fields().forEach(f -> names.add(f.name()));
        }
        if (names.isEmpty()) scope.diagnostics.error(field.span(), noArguments());
        else {
            String probe = scope.instance.points().getFirst().name();
            var near = Near.to(field.name(), names);
            scope.diagnostics.error(
                    field.span(),
                    probe + " has no argument '" + field.name() + "'",
                    near.map(n -> "did you mean '" + n + "'?").orElse("it has " + String.join(", ", names)));
        }
        return new Type.Unknown();
    }

    private String noArguments() {
        if (!(scope.instance.target() instanceof Target.Uprobe probe))
            return "args is there in tracepoint, rawtracepoint and, with debug information, uprobe";
        if (probe.isNowhere()) return "args is known when a process has the file: its debug information says it";
        if (probe.atReturn() || probe.offset() != 0) return "args is there where a function begins";
        return probe.path() + " has no debug information on what " + probe.symbol() + " is called with";
    }

    Type part(Span span, Type of, int index) {
        if (!Checks.known(of)) return of;
        if (of instanceof Type.Tuple(var parts) && index >= 0 && index < parts.size()) return parts.get(index);
        scope.diagnostics.error(
                span,
                of instanceof Type.Tuple(var parts)
                        ? "the tuple has " + parts.size() + " parts, numbered from 0"
                        : of + " is no tuple");
        return new Type.Unknown();
    }

    Type index(Span span, Expr of, Expr index) {
        var type = expressions.type(of);
        var by = expressions.type(index);
        if (!by.isInt() && Checks.known(by))
            scope.diagnostics.error(index.span(), "an index is a number, and this is " + by);
        return switch (type) {
            case Type.Unknown unknown -> unknown;
            case Type.Array(Type element, int _) -> Structs.asText(element);
            case Type.Text _ -> new Type.Int(1, true);
            case Type.Pointer(Type target, var _) -> Structs.asText(target);
            case Type.Tuple tuple -> {
                var part = scope.constant(index);
                if (part.isPresent())
                    yield part(span, tuple, (int) Math.clamp(part.getAsLong(), -1, Integer.MAX_VALUE));
                scope.diagnostics.error(index.span(), "the number of a tuple's part is a constant");
                yield new Type.Unknown();
            }
            default -> {
                scope.diagnostics.error(span, type + " has no elements");
                yield new Type.Unknown();
            }
        };
    }

    Type offset(Expr expr, Span span, String struct, List<String> path) {
        long offset = 0;
        String inside = struct;
        for (String name : path) {
            var layout = scope.structs.layout(inside);
            var member = layout.map(l -> l.members().get(name));
            if (member.isEmpty()) {
                expressions.unknown(
                        span,
                        "field '" + name + "' in " + inside,
                        layout.flatMap(l -> Near.to(name, l.members().keySet())));
                return new Type.Unknown();
            }
            offset += member.get().offset();
            inside = member.get().type() instanceof Type.Struct(var next) ? next : "";
        }
        return scope.constant(expr, offset);
    }
}
