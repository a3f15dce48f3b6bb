package dev.spandrel.probe.live.tool;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Instance;
import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.codegen.Assembly;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Refusal;
import dev.spandrel.probe.live.session.UprobePlaces;
import dev.spandrel.probe.output.Compiled;
import java.io.PrintStream;
import java.util.stream.Collectors;

/** What each pass made of a program. */
final class Passes {
    private Passes() {}

    static void show(Compiler.Result result, HostFacts facts, PrintStream out) {
        out.println("Syntax, macros in their places");
        result.program().types().structs().forEach(d -> out.println("  " + d));
        result.program().probes().forEach(p -> out.println("  " + p));
        result.compiled().ifPresent(compiled -> checked(compiled, out));
        result.code().forEach((name, code) -> {
            out.println("\nCode of " + name);
            code.lines().forEach(line -> out.println("  " + line.instruction()));
        });
        result.compiled().ifPresent(compiled -> generated(compiled, facts, out));
    }

    private static void checked(Compiled compiled, PrintStream out) {
        out.println("\nTypes");
        for (var map : compiled.maps())
            map.shape()
                    .ifPresent(s ->
                            out.println("  " + map.name() + (s.keys().isEmpty() ? "" : s.keys()) + ": " + s.value()));
        out.println("\nAttach points");
        compiled.points().stream().map(Instance.Point::name).forEach(name -> out.println("  " + name));
    }

    private static void generated(Compiled compiled, HostFacts facts, PrintStream out) {
        out.println("\nMaps");
        compiled.maps()
                .forEach(m -> out.println("  " + m.name() + " " + m.kind() + " key " + m.keyBytes() + " value "
                        + m.valueBytes() + " entries " + m.entries()));
        for (var body : compiled.programs()) {
            out.println("\nInstructions of " + body.name() + ", " + body.kind() + ", at "
                    + body.points().getFirst().name()
                    + (body.points().size() > 1 ? " and " + (body.points().size() - 1) + " more" : ""));
            out.print(Assembly.show(body.instructions()));
        }
        places(compiled, new UprobePlaces(facts.executables()), out);
    }

    /** Where probes of functions stand, and why. */
    private static void places(Compiled compiled, UprobePlaces places, PrintStream out) {
        boolean any = false;
        for (var body : compiled.programs())
            for (var point : body.points()) {
                if (!(point.target() instanceof Target.Uprobe uprobe)) continue;
                if (!any) out.println("\nPlaces");
                any = true;
                out.println("  " + point.name() + ": " + place(places, uprobe, body.readsStack()));
            }
    }

    private static String place(UprobePlaces places, Target.Uprobe uprobe, boolean readsStack) {
        try {
            var place = places.of(uprobe, readsStack);
            return place.offsets().stream().map(o -> "0x" + Long.toHexString(o)).collect(Collectors.joining(", "))
                    + " in the file: " + place.why();
        } catch (Refusal e) {
            return e.getMessage();
        }
    }
}
