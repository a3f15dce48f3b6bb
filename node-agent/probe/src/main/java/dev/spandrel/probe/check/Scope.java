package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Facts;
import dev.spandrel.probe.type.Type;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What the checks of one instance share. */
final class Scope {
    final Instance instance;
    final MapTypes maps;
    final Structs structs;
    final Facts facts;
    final Options options;
    final Diagnostics diagnostics;
    /** The last pass: what is unknown now stays so, and is an error. */
    final boolean last;

    final Map<Expr, Type> types = new IdentityHashMap<>();
    final Map<Expr, Long> constants = new IdentityHashMap<>();
    /** Of expressions whose bytes are known: strings and addresses. */
    final Map<Expr, byte[]> contents = new IdentityHashMap<>();

    final Map<String, Type> variables = new LinkedHashMap<>();
    int loops;
    /** Inside of blocks behind a condition that is known to be false. */
    int unreachable;

    boolean inMapLoop;

    Scope(
            Instance instance,
            MapTypes maps,
            Structs structs,
            Facts facts,
            Options options,
            Diagnostics diagnostics,
            boolean last) {
        this.instance = instance;
        this.maps = maps;
        this.structs = structs;
        this.facts = facts;
        this.options = options;
        this.diagnostics = diagnostics;
        this.last = last;
    }

    OptionalLong constant(Expr expr) {
        var value = constants.get(expr);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    Type constant(Expr expr, long value) {
        constants.put(expr, value);
        return Type.INT64;
    }

    Type content(Expr expr, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        contents.put(expr, bytes);
        return new Type.Text(bytes.length + 1);
    }

    /** The positional parameter; 0, as the language has it, if it was not given. */
    String parameter(int index) {
        return index <= options.parameters().size() ? options.parameters().get(index - 1) : "0";
    }

    Checked.Body body() {
        return new Checked.Body(
                instance, types, constants, contents, Collections.unmodifiableMap(new LinkedHashMap<>(variables)));
    }
}
