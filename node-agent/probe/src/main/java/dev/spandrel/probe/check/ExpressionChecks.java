package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Span;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives expressions their types. */
final class ExpressionChecks {
    private static final int MOST_KEY_BYTES = 400;

    private final Scope scope;
    private final CallChecks calls;
    private final MemberChecks members;

    ExpressionChecks(Scope scope) {
        this.scope = scope;
        calls = new CallChecks(scope, this);
        members = new MemberChecks(scope, this);
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
            case Expr.Field field -> members.field(field);
            case Expr.Part(var span, var of, int index) -> members.part(span, type(of), index);
            case Expr.Index(var span, var of, var index) -> members.index(span, of, index);
            case Expr.Cast cast -> cast(cast);
            case Expr.Tuple(var _, var parts) -> new Type.Tuple(List.copyOf(StatementChecks.types(this, parts)));
            case Expr.SizeOf sizeOf -> sizeOf(sizeOf);
            case Expr.BlockValue(var _, var block, var value) -> {
                new StatementChecks(scope).block(block);
                yield type(value);
            }
            case Expr.OffsetOf(var span, var name, var path) ->
                members.offset(
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
            if (type.get() instanceof Type.Stack(boolean kernel, var _, int depth))
                return new Type.Stack(kernel, scope.options.stackMode(), depth);
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
        if (to.get() instanceof Type.Array array) return new ArrayCasts(scope).toArray(cast, from, array);
        if (from instanceof Type.Array array && to.get() instanceof Type.Int number)
            return new ArrayCasts(scope).toNumber(cast, array, number);
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
