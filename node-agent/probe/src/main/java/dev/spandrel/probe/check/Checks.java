package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.type.Facts;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives every expression its type, and says all that is wrong. */
public final class Checks {
    /** Each finds out what needs one more assignment to be known; programs need two or three. */
    private static final int PASSES = 8;

    private static final Map<String, Integer> LIMITS =
            Map.of("max_map_keys", 1 << 20, "max_strlen", 1024, "strlen", 1024, "stack_mode", 0, "missing_probes", 0);

    private Checks() {}

    /** Empty if the diagnostics have an error. */
    public static Optional<Checked> check(Program program, Facts facts, Options given, Diagnostics diagnostics) {
        var options = configured(program, given, diagnostics);
        var structs = new Structs(program, facts, diagnostics);
        var instances = Expansion.expand(program, facts, options, diagnostics);
        var maps = new MapTypes();
        for (int i = 0; i < PASSES; i++) {
            pass(instances, maps, structs, facts, options, new Diagnostics(), false);
            if (!maps.takeChanged()) break;
        }
        var bodies = pass(instances, maps, structs, facts, options, diagnostics, true);
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

    private static Options configured(Program program, Options given, Diagnostics diagnostics) {
        int text = given.textBytes();
        int entries = given.mapEntries();
        for (var setting : program.config()) {
            String name = setting.name().toLowerCase(java.util.Locale.ROOT).replaceFirst("^bpftrace_", "");
            Integer limit = LIMITS.get(name);
            if (limit == null) {
                String message = "there is no setting '" + setting.name() + "'";
                Near.to(name, LIMITS.keySet())
                        .ifPresentOrElse(
                                near -> diagnostics.error(setting.span(), message, "did you mean '" + near + "'?"),
                                () -> diagnostics.error(
                                        setting.span(), message, "settings are max_map_keys, max_strlen"));
                continue;
            }
            if (limit == 0) continue;
            int value = setting.value().matches("\\d{1,9}") ? Integer.parseInt(setting.value()) : 0;
            if (value < 1 || value > limit)
                diagnostics.error(setting.span(), setting.name() + " is a number from 1 to " + limit);
            else if (name.equals("max_map_keys")) entries = value;
            else text = value;
        }
        int most = given.selection().managed().map(Options.Managed::mostKeys).orElse(Integer.MAX_VALUE);
        return given.sized(text, Math.min(entries, most));
    }

    static boolean isCondition(Type type) {
        return type instanceof Type.Int || type instanceof Type.Pointer || type instanceof Type.SpanId;
    }

    static boolean known(Type type) {
        return !(type instanceof Type.Unknown);
    }
}
