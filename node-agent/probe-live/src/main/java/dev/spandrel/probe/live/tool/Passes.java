package dev.spandrel.probe.live.tool;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.codegen.Assembly;
import dev.spandrel.probe.output.Compiled;
import java.io.PrintStream;

/** What each pass made of a program. */
final class Passes {
    private Passes() {}

    static void show(Compiler.Result result, PrintStream out) {
        out.println("Syntax");
        result.program().probes().forEach(p -> out.println("  " + p));
        result.code().forEach((name, code) -> {
            out.println("\nCode of " + name);
            code.lines().forEach(line -> out.println("  " + line.instruction()));
        });
        result.compiled().ifPresent(compiled -> show(compiled, out));
    }

    private static void show(Compiled compiled, PrintStream out) {
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
    }
}
