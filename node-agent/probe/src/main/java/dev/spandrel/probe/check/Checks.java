package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.type.Facts;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Gives every expression its type, and says all that is wrong. */
public final class Checks {
    /** Each finds out what needs one more assignment to be known; programs need two or three. */
    private static final int PASSES = 8;

    private Checks() {}

    /** Empty if the diagnostics have an error. */
    public static Optional<Checked> check(Program program, Facts facts, Options given, Diagnostics diagnostics) {
        var options = Settings.of(program, given, diagnostics);
        var structs = new Structs(program, facts, diagnostics);
        var instances = Expansion.expand(program, facts, options, diagnostics);
        var maps = new MapTypes();
        for (int i = 0; i < PASSES; i++) {
            pass(instances, maps, structs, facts, options, new Diagnostics(), false);
            if (!maps.takeChanged()) break;
        }
        var bodies = pass(instances, maps, structs, facts, options, diagnostics, true);
        NamedParameters.unasked(options.named().keySet(), maps.asked(), diagnostics);
        if (diagnostics.failed()) return Optional.empty();
        var shapes = new LinkedHashMap<String, Checked.MapShape>();
        for (String map : maps.names())
            shapes.put(
                    map,
                    new Checked.MapShape(
                            map,
                            java.util.Objects.requireNonNull(maps.keys(map)),
                            maps.value(map),
                            Optional.ofNullable(program.declarations().get(map))));
        return Optional.of(new Checked(bodies, shapes, structs, options));
    }

    private static List<Checked.Body> pass(
            List<Instance> instances,
            MapTypes maps,
            Structs structs,
            Facts facts,
            Options options,
            Diagnostics diagnostics,
            boolean last) {
        var bodies = new ArrayList<Checked.Body>();
        for (Instance instance : instances) {
            var scope = new Scope(instance, maps, structs, facts, options, diagnostics, last);
            new StatementChecks(scope).probe();
            bodies.add(scope.body());
        }
        return bodies;
    }

    static boolean isCondition(Type type) {
        return type instanceof Type.Int || type instanceof Type.Pointer || type instanceof Type.SpanId;
    }

    static boolean known(Type type) {
        return !(type instanceof Type.Unknown);
    }
}
