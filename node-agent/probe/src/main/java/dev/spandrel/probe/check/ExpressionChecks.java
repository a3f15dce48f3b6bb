package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Span;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives expressions their types. */
final class ExpressionChecks {
    private static final int MOST_KEY_BYTES = 400;

    private final Scope scope;
    private final CallChecks calls;

    ExpressionChecks(Scope scope) {
        this.scope = scope;
        calls = new CallChecks(scope, this);
    }

    Type type(Expr expr) {
        Type found = find(expr);
        scope.types.put(expr, found);
        return found;
    }

    private Type find(Expr expr) {
        return switch (expr) {
            case Expr.Number(var _, long value, var _) -> scope.constant(expr, value);
            case Expr.Text(var _, var value) -> new Type.Text(Math.max(1, bytes(value) + 1));
            case Expr.Parameter(var span, int index) -> parameter(expr, span, index);
            case Expr.Name name -> name(name);
            case Expr.Variable(var span, var name) -> variable(span, name);
            case Expr.MapAt map -> read(map);
            case Expr.Unary unary -> unary(unary);
            case Expr.Binary binary -> new Operators(scope, this).binary(binary);
            case Expr.Ternary ternary -> ternary(ternary);
            case Expr.Call call -> calls.value(call);
            case Expr.Field field -> field(field);
            case Expr.Part(var span, var of, int index) -> part(span, type(of), index);
            case Expr.Index(var span, var of, var index) -> index(span, of, index);
            case Expr.Cast cast -> cast(cast);
            case Expr.Tuple(var _, var parts) -> new Type.Tuple(List.copyOf(StatementChecks.types(this, parts)));
            case Expr.SizeOf sizeOf -> sizeOf(sizeOf);
            case Expr.BlockValue(var _, var block, var value) -> {
                new StatementChecks(scope).block(block);
                yield type(value);
            }
            case Expr.OffsetOf(var span, var name, var path) ->
                offsetOf(
                        expr,
                        span,
                        scope.structs.resolve(name, false).orElse(null) instanceof Type.Struct(var meant)
                                ? meant
                                : name.name(),
                        path);
        };
    }

    static int bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    private Type parameter(Expr expr, Span span, int index) {
        if (index == 0) return scope.constant(expr, scope.options.parameters().size());
        String given = scope.parameter(index);
        try {
            return scope.constant(expr, Long.decode(given));
        } catch (NumberFormatException e) {
            scope.diagnostics.error(
                    span,
                    "$" + index + " is '" + given + "' and no number",
                    "str($" + index + ") takes it as a string");
            return new Type.Unknown();
        }
    }

    private Type name(Expr.Name name) {
        if (name.name().equals("ctx") && scope.instance.target() instanceof Target.Iterator over)
            return new Type.Pointer(new Type.Struct(over.struct()), false);
        if (name.name().equals("args")) {
            scope.diagnostics.error(name.span(), "args as a whole is no value", "take one of its fields: args.NAME");
            return new Type.Unknown();
        }
        if (name.name().equals("ctx")) return new Type.Pointer(new Type.Struct(name.name()), false);
        var own = scope.structs.constant(name.name());
        if (own.isPresent()) return scope.constant(name, own.get());
        var type = BuiltIns.type(name.name());
        if (type.isPresent()) {
            BuiltIns.missing(name.name(), scope.instance.target())
                    .ifPresent(why -> scope.diagnostics.error(name.span(), why));
            if (scope.instance.target() instanceof Target.Usdt usdt
                    && name.name().matches("arg\\d")) {
                var arguments = StaticArgument.all(usdt.arguments());
                int index = name.name().charAt(3) - '0';
                boolean signed =
                        index < arguments.size() && arguments.get(index).signed();
                return signed ? Type.INT64 : Type.UINT64;
            }
            if (scope.instance.userSpace() && name.name().startsWith("arg")) return Type.UINT64;
            return name.name().startsWith("sarg") ? Type.INT64 : type.get();
        }
        var constant =
                Constants.of(name.name()).isPresent() ? Constants.of(name.name()) : scope.facts.constant(name.name());
        if (constant.isPresent()) return scope.constant(name, constant.getAsLong());
        unknown(name.span(), "'" + name.name() + "'", Near.to(name.name(), BuiltIns.names()));
        return new Type.Unknown();
    }

    void unknown(Span span, String what, Optional<String> near) {
        near.ifPresentOrElse(
                n -> scope.diagnostics.error(span, "there is no " + what, "did you mean '" + n + "'?"),
                () -> scope.diagnostics.error(span, "there is no " + what));
    }

    private Type variable(Span span, String name) {
        var type = scope.variables.get(name);
        if (type != null) return type;
        var near = Near.to(name, scope.variables.keySet());
        scope.diagnostics.error(
                span,
                name + " has no value here",
                near.map(n -> "did you mean " + n + "?").orElse("assign to it before"));
        return new Type.Unknown();
    }

    /** What is gathered is read as one number. */
    private Type read(Expr.MapAt map) {
        var type = map(map);
        return type instanceof Aggregate aggregate
                ? aggregate.number().map(n -> (Type) n).orElse(type)
                : type;
    }

    /** What the map holds. */
    Type map(Expr.MapAt map) {
        keys(map);
        var type = scope.maps.value(map.name());
        if (!Checks.known(type) && scope.last)
            scope.diagnostics.error(
                    map.span(),
                    "nothing is assigned to " + map.name(),
                    Near.to(
                                    map.name(),
                                    scope.maps.names().stream()
                                            .filter(n -> !n.equals(map.name()))
                                            .toList())
                            .map(n -> "did you mean " + n + "?")
                            .orElse("assign to it in a probe"));
        return type;
    }

    void keys(Expr.MapAt map) {
        keys(
                map.name(),
                map.span(),
                map.keys().size() == 1 ? ActionChecks.keysOf(map.keys().getFirst()) : map.keys());
    }

    void keys(String map, Span span, List<Expr> keys) {
        var types = new ArrayList<Type>();
        for (Expr key : keys) {
            var type = type(key);
            if (type instanceof Type.None || type instanceof Type.Struct || type instanceof Aggregate) {
                scope.diagnostics.error(key.span(), "this cannot be a key: it is " + type);
                return;
            }
            types.add(type instanceof Type.Int(int _, boolean signed) ? new Type.Int(8, signed) : type);
        }
        if (types.stream().mapToInt(Type::stored).sum() > MOST_KEY_BYTES)
            scope.diagnostics.error(
                    span, "the key is longer than " + MOST_KEY_BYTES + " bytes", "shorten strings: str(p, 32)");
        if (!scope.maps.seeKeys(map, List.copyOf(types)))
            scope.diagnostics.error(
                    span,
                    "the key of " + map + " is " + shown(scope.maps.keys(map)) + " elsewhere, and here it is "
                            + shown(types));
    }

    private static String shown(@org.jspecify.annotations.Nullable List<Type> keys) {
        return keys == null || keys.isEmpty() ? "nothing" : new Type.Tuple(keys).toString();
    }

    private Type unary(Expr.Unary unary) {
        String operator = unary.operator();
        if (operator.equals("++") || operator.equals("--")) return step(unary);
        var type = type(unary.operand());
        if (!Checks.known(type)) return type;
        if (operator.equals("*")) return dereference(unary, type);
        if (operator.equals("&")) {
            scope.diagnostics.error(unary.span(), "addresses of values cannot be taken");
            return new Type.Unknown();
        }
        boolean number = type.isInt() || (operator.equals("!") && Checks.isCondition(type));
        if (!number) {
            scope.diagnostics.error(unary.operand().span(), operator + " takes a number, and this is " + type);
            return new Type.Unknown();
        }
        var constant = scope.constant(unary.operand());
        if (constant.isPresent()) {
            long value = constant.getAsLong();
            return scope.constant(
                    unary, operator.equals("-") ? -value : operator.equals("~") ? ~value : value == 0 ? 1 : 0);
        }
        return operator.equals("!")
                ? Type.UINT64
                : operator.equals("-") ? Type.INT64 : new Type.Int(8, ((Type.Int) type).signed());
    }

    private Type step(Expr.Unary unary) {
        switch (unary.operand()) {
            case Expr.MapAt map -> {
                keys(map);
                if (!scope.maps.seeValue(map.name(), Type.INT64))
                    scope.diagnostics.error(
                            unary.span(),
                            map.name() + " holds " + scope.maps.value(map.name())
                                    + ", which cannot be counted up or down");
                scope.types.put(map, scope.maps.value(map.name()));
            }
            case Expr.Variable(var span, var name) -> {
                var type = variable(span, name);
                if (Checks.known(type) && !type.isInt())
                    scope.diagnostics.error(
                            unary.span(), name + " holds " + type + ", which cannot be counted up or down");
                scope.types.put(unary.operand(), type);
            }
            default -> scope.diagnostics.error(unary.operand().span(), unary.operator() + " takes a map or a variable");
        }
        return Type.INT64;
    }

    private Type dereference(Expr.Unary unary, Type type) {
        if (type instanceof Type.Pointer(var target, var _)) return Structs.asText(target);
        if (type.isInt()) return Type.UINT64;
        scope.diagnostics.error(unary.operand().span(), "* takes a pointer, and this is " + type);
        return new Type.Unknown();
    }

    void condition(Expr expr) {
        var type = type(expr);
        if (Checks.known(type) && !Checks.isCondition(type))
            scope.diagnostics.error(expr.span(), "a condition is a number or a pointer, and this is " + type);
    }

    private Type ternary(Expr.Ternary ternary) {
        condition(ternary.condition());
        var yes = type(ternary.yes());
        var no = type(ternary.no());
        var both = MapTypes.merge(yes, no);
        if (both != null) return both;
        scope.diagnostics.error(ternary.span(), "the two values are of different types: " + yes + " and " + no);
        return new Type.Unknown();
    }

    private Type field(Expr.Field field) {
        if (field.of() instanceof Expr.Name(var _, var name) && name.equals("args")) return argument(field);
        var of = type(field.of());
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
        unknown(
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
        if (names.isEmpty()) scope.diagnostics.error(field.span(), "args is there in tracepoint and rawtracepoint");
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

    private Type part(Span span, Type of, int index) {
        if (!Checks.known(of)) return of;
        if (of instanceof Type.Tuple(var parts) && index < parts.size()) return parts.get(index);
        scope.diagnostics.error(
                span,
                of instanceof Type.Tuple(var parts)
                        ? "the tuple has " + parts.size() + " parts, numbered from 0"
                        : of + " is no tuple");
        return new Type.Unknown();
    }

    private Type index(Span span, Expr of, Expr index) {
        var type = type(of);
        var by = type(index);
        if (!by.isInt() && Checks.known(by))
            scope.diagnostics.error(index.span(), "an index is a number, and this is " + by);
        return switch (type) {
            case Type.Unknown unknown -> unknown;
            case Type.Array(Type element, int _) -> Structs.asText(element);
            case Type.Text _ -> new Type.Int(1, true);
            case Type.Pointer(Type target, var _) -> Structs.asText(target);
            default -> {
                scope.diagnostics.error(span, type + " has no elements");
                yield new Type.Unknown();
            }
        };
    }

    private Type cast(Expr.Cast cast) {
        var from = type(cast.operand());
        boolean user = from instanceof Type.Pointer(var _, boolean u) ? u : scope.instance.userSpace();
        var to = scope.structs.resolve(cast.type(), user);
        if (to.isEmpty()) {
            String name = cast.type().name();
            unknown(
                    cast.type().span(),
                    "type '" + name + "'",
                    Near.to(name, scope.structs.names(name.substring(0, Math.min(9, name.length())))));
            return new Type.Unknown();
        }
        if (!(from instanceof Type.Scalar) && !to.get().equals(from))
            scope.diagnostics.error(
                    cast.operand().span(), "only numbers and pointers can be cast, and this is " + from);
        var constant = scope.constant(cast.operand());
        if (constant.isPresent() && to.get() instanceof Type.Int(int size, boolean signed))
            scope.constants.put(cast, Operators.narrowed(constant.getAsLong(), size, signed));
        return to.get();
    }

    private Type sizeOf(Expr.SizeOf sizeOf) {
        Type type = sizeOf.operand().map(this::type).orElse(new Type.Unknown());
        if (sizeOf.type().isPresent()) {
            var named = scope.structs.resolve(sizeOf.type().get(), false);
            if (named.isEmpty())
                unknown(
                        sizeOf.type().get().span(),
                        "type '" + sizeOf.type().get().name() + "'",
                        Optional.empty());
            type = named.orElse(type);
        }
        return scope.constant(sizeOf, scope.structs.size(type));
    }

    private Type offsetOf(Expr expr, Span span, String struct, List<String> path) {
        long offset = 0;
        String inside = struct;
        for (String name : path) {
            var layout = scope.structs.layout(inside);
            var member = layout.map(l -> l.members().get(name));
            if (member.isEmpty()) {
                unknown(
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

    boolean arity(Expr.Call call, Functions.Arity arity) {
        int given = call.arguments().size();
        if (given >= arity.least() && given <= arity.most()) return true;
        scope.diagnostics.error(
                call.span(),
                call.function() + "() takes " + arity.described() + ", and " + given
                        + (given == 1 ? " is given" : " are given"));
        return false;
    }
}
