package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.util.List;
import java.util.Optional;

/** Types of the functions that give a value. */
final class CallChecks {
    private static final int DEFAULT_DEPTH = 127;
    private static final int MOST_COMPARED = 256;

    private final Scope scope;
    private final ExpressionChecks expressions;

    CallChecks(Scope scope, ExpressionChecks expressions) {
        this.scope = scope;
        this.expressions = expressions;
    }

    Type value(Expr.Call call) {
        String name = call.function();
        var arity = Functions.VALUES.get(name);
        if (arity == null) return notValue(call);
        if (!expressions.arity(call, arity)) return new Type.Unknown();
        var arguments = call.arguments();
        return switch (name) {
            case "str" -> str(call, arguments);
            case "buf" -> buf(arguments);
            case "ksym", "usym" -> {
                number(arguments.getFirst());
                yield new Type.Symbol(name.equals("ksym"));
            }
            case "kstack", "ustack" -> stack(name.equals("kstack"), arguments);
            case "ntop" -> {
                StatementChecks.types(expressions, arguments);
                yield new Type.Inet();
            }
            case "macaddr" -> {
                expressions.type(arguments.getFirst());
                yield new Type.Mac();
            }
            case "strftime" -> {
                literal(arguments.getFirst(), "the format");
                number(arguments.get(1));
                yield new Type.Time();
            }
            case "cgroup_path" -> {
                number(arguments.getFirst());
                yield new Type.CgroupPath();
            }
            case "kaddr", "uaddr", "cgroupid" -> named(call);
            case "reg" -> {
                literal(arguments.getFirst(), "the register's name");
                if (!scope.instance.target().hasRegisters())
                    scope.diagnostics.error(
                            call.span(), "reg() is there in probes that find the processor's registers");
                yield Type.UINT64;
            }
            case "strncmp", "strcontains", "strstr" -> compared(call);
            case "strlen" -> {
                text(arguments.getFirst());
                yield Type.UINT64;
            }
            case "has_key", "len" -> ofMap(call);
            case "path" -> {
                scope.diagnostics.error(
                        call.span(),
                        "path(): the kernel gives it to fentry programs on a few functions alone",
                        "str() of a name in a struct dentry shows its last part");
                yield new Type.Unknown();
            }
            case "nsecs", "pid", "tid" -> Type.UINT64;
            case "bswap" -> {
                var type = expressions.type(arguments.getFirst());
                yield type instanceof Type.Int(int size, var _)
                        ? new Type.Int(size, false)
                        : number(arguments.getFirst());
            }
            case "trace_id", "span_id", "span_name", "route" -> ofRequest(call);
            case "container", "pod", "workload" ->
                new Type.Owner(Type.Level.valueOf(name.toUpperCase(java.util.Locale.ROOT)));
            case "strerror", "syscall_name" -> {
                number(arguments.getFirst());
                yield new Type.Named(name.equals("strerror") ? Type.Naming.ERROR : Type.Naming.SYSCALL);
            }
            case "delete" -> {
                new ActionChecks(scope, expressions).delete(call);
                yield Type.UINT64;
            }
            case "memcmp" -> bytesCompared(call);
            case "globmatch" -> {
                text(arguments.getFirst());
                Glob.check(literal(arguments.get(1), "the pattern"))
                        .ifPresent(
                                why -> scope.diagnostics.error(arguments.get(1).span(), why));
                yield Type.UINT64;
            }
            case "kptr", "uptr" -> pointed(arguments.getFirst(), name.equals("uptr"));
            default -> new CompileTime(scope, expressions).value(call);
        };
    }

    private Type notValue(Expr.Call call) {
        StatementChecks.types(expressions, call.arguments());
        String name = call.function();
        if (Functions.REFUSED.containsKey(name))
            scope.diagnostics.error(call.span(), name + "(): " + Functions.REFUSED.get(name));
        else if (Functions.ACTIONS.containsKey(name))
            scope.diagnostics.error(call.span(), name + "() gives no value", "let it stand alone");
        else if (Functions.AGGREGATES.containsKey(name))
            scope.diagnostics.error(call.span(), name + "() is assigned to a map", "@name = " + name + "(…)");
        else expressions.unknown(call.span(), "function '" + name + "'", Near.to(name, Functions.names()));
        return new Type.Unknown();
    }

    private Type ofRequest(Expr.Call call) {
        // A managed program knows of none until there is something to ask.
        if (scope.options.requests().isEmpty()
                && scope.options.selection().managed().isEmpty())
            scope.diagnostics.error(
                    call.span(),
                    call.function() + "() asks the agent which request the thread answers, and there is none",
                    "run an agent beside it that traces something, or take it as a ProbeSet");
        return switch (call.function()) {
            case "trace_id" -> new Type.TraceId();
            case "span_id" -> new Type.SpanId();
            default -> new Type.RequestName(call.function().equals("route"));
        };
    }

    private Type number(Expr expr) {
        var type = expressions.type(expr);
        if (!(type instanceof Type.Int || type instanceof Type.Pointer || type instanceof Type.Unknown))
            scope.diagnostics.error(expr.span(), "a number is expected, and this is " + type);
        return Type.UINT64;
    }

    private String literal(Expr expr, String what) {
        expressions.type(expr);
        if (expr instanceof Expr.Text(var _, var value)) return value;
        scope.diagnostics.error(expr.span(), what + " is a string in quotes");
        return "";
    }

    private Type str(Expr.Call call, List<Expr> arguments) {
        var given = new CompileTime(scope, expressions).parameter(arguments.getFirst());
        if (given.isPresent()) return scope.content(call, given.get());
        var type = expressions.type(arguments.getFirst());
        int size = scope.options.textBytes();
        if (arguments.size() > 1) {
            number(arguments.get(1));
            var constant = scope.constant(arguments.get(1));
            if (constant.isPresent()) size = (int) Math.clamp(constant.getAsLong() + 1, 1, size);
        }
        if (type instanceof Type.Text text) return text;
        if (!(type instanceof Type.Int
                || type instanceof Type.Pointer
                || type instanceof Type.Unknown
                || type instanceof Type.Array))
            scope.diagnostics.error(
                    arguments.getFirst().span(), "str() takes a pointer to characters, and this is " + type);
        return new Type.Text(size);
    }

    private Type buf(List<Expr> arguments) {
        var type = expressions.type(arguments.getFirst());
        int size = scope.options.textBytes();
        if (arguments.size() > 1) {
            number(arguments.get(1));
            var constant = scope.constant(arguments.get(1));
            if (constant.isPresent()) size = (int) Math.clamp(constant.getAsLong(), 1, 256);
        } else if (type instanceof Type.Array(Type element, int count))
            size = Math.min(256, Type.natural(element) * count);
        else if (type instanceof Type.Text(int bytes)) size = bytes;
        else if (Checks.known(type))
            scope.diagnostics.error(arguments.getFirst().span(), "buf() of " + type + " needs a length", "buf(p, 16)");
        return new Type.Bytes(size);
    }

    private Type stack(boolean kernel, List<Expr> arguments) {
        var mode = scope.options.stackMode();
        int depth = DEFAULT_DEPTH;
        for (Expr argument : arguments) {
            if (argument instanceof Expr.Name(var _, var name) && mode(name).isPresent()) {
                mode = mode(name).orElseThrow();
                continue;
            }
            expressions.type(argument);
            var constant = scope.constant(argument);
            if (constant.isEmpty() || constant.getAsLong() < 1 || constant.getAsLong() > DEFAULT_DEPTH)
                scope.diagnostics.error(
                        argument.span(),
                        "a stack takes a mode (bpftrace, perf, raw) and a depth from 1 to " + DEFAULT_DEPTH);
            else depth = (int) constant.getAsLong();
        }
        return new Type.Stack(kernel, mode, depth);
    }

    private static Optional<Type.StackMode> mode(String name) {
        return switch (name) {
            case "bpftrace" -> Optional.of(Type.StackMode.BPFTRACE);
            case "perf" -> Optional.of(Type.StackMode.PERF);
            case "raw" -> Optional.of(Type.StackMode.RAW);
            default -> Optional.empty();
        };
    }

    /** What is looked up by name when the program is compiled. */
    private Type named(Expr.Call call) {
        String name = literal(call.arguments().getFirst(), "the name");
        var found = switch (call.function()) {
            case "kaddr" -> scope.facts.kernelSymbol(name);
            case "cgroupid" -> scope.facts.cgroup(name);
            default ->
                scope.instance.target() instanceof Target.Uprobe(var path, var _, var _, var _)
                        ? scope.facts.userSymbol(path, name)
                        : java.util.OptionalLong.empty();
        };
        if (found.isEmpty()) {
            scope.diagnostics.error(
                    call.span(),
                    switch (call.function()) {
                        case "kaddr" -> "the kernel shows no symbol " + name;
                        case "cgroupid" -> "there is no cgroup " + name;
                        default -> "the probed file has no symbol " + name;
                    });
            return Type.UINT64;
        }
        scope.constants.put(call, found.getAsLong());
        return Type.UINT64;
    }

    private Type compared(Expr.Call call) {
        call.arguments().subList(0, 2).forEach(this::text);
        if (call.function().equals("strstr")) return Type.INT64;
        if (call.function().equals("strcontains")) return Type.UINT64;
        expressions.type(call.arguments().get(2));
        if (scope.constant(call.arguments().get(2)).isEmpty())
            scope.diagnostics.error(call.arguments().get(2).span(), "the number of characters is a constant");
        return Type.UINT64;
    }

    private Type bytesCompared(Expr.Call call) {
        var count = call.arguments().get(2);
        expressions.type(count);
        long most = scope.constant(count).orElse(0);
        if (most < 1 || most > MOST_COMPARED)
            scope.diagnostics.error(count.span(), "the number of bytes is a constant from 1 to " + MOST_COMPARED);
        for (Expr side : call.arguments().subList(0, 2)) {
            var type = expressions.type(side);
            if (!(type instanceof Type.Text
                    || type instanceof Type.Array
                    || type instanceof Type.Bytes
                    || type instanceof Type.Pointer
                    || type instanceof Type.Unknown))
                scope.diagnostics.error(
                        side.span(), "memcmp() takes strings, arrays, buf() and pointers, and this is " + type);
        }
        return Type.INT64;
    }

    private void text(Expr argument) {
        var type = expressions.type(argument);
        if (!(type instanceof Type.Text) && Checks.known(type))
            scope.diagnostics.error(argument.span(), "a string is expected, and this is " + type);
    }

    private Type ofMap(Expr.Call call) {
        var first = call.arguments().getFirst();
        if (call.function().equals("len") && isStack(first)) {
            expressions.type(first);
            return Type.UINT64;
        }
        if (!(first instanceof Expr.MapAt map) || !map.keys().isEmpty()) {
            scope.diagnostics.error(
                    first.span(),
                    call.function() + "() takes a map without a key"
                            + (call.function().equals("len") ? ", kstack or ustack" : ""));
            return Type.UINT64;
        }
        if (call.function().equals("has_key"))
            expressions.keys(
                    map.name(), map.span(), ActionChecks.keysOf(call.arguments().get(1)));
        var keys = scope.maps.keys(map.name());
        boolean bucketed = scope.maps.value(map.name()) instanceof Aggregate a && a.bucketed();
        if (scope.last && (keys == null || keys.isEmpty()))
            scope.diagnostics.error(first.span(), "there is no map " + map.name() + " with keys");
        else if (bucketed)
            scope.diagnostics.error(
                    first.span(), map.name() + " holds histograms or time series, each of which is many entries");
        return Type.UINT64;
    }

    private static boolean isStack(Expr expr) {
        String name = expr instanceof Expr.Name(var _, var plain)
                ? plain
                : expr instanceof Expr.Call(var _, var function, var _) ? function : "";
        return name.equals("kstack") || name.equals("ustack");
    }

    private Type pointed(Expr of, boolean user) {
        return expressions.type(of) instanceof Type.Pointer(var target, var _)
                ? new Type.Pointer(target, user)
                : new Type.Pointer(new Type.Int(1, true), user);
    }
}
