package dev.spandrel.probe.live.tool;

import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.live.facts.HostFacts;
import java.io.PrintStream;
import java.util.List;

/** Lists attach points. */
final class Listing {
    private static final List<String> SOFTWARE = List.of(
            "alignment-faults:",
            "bpf-output:",
            "context-switches:",
            "cpu-clock:",
            "cpu-migrations:",
            "dummy:",
            "emulation-faults:",
            "major-faults:",
            "minor-faults:",
            "page-faults:",
            "task-clock:");

    private Listing() {}

    static void show(HostFacts facts, String pattern, boolean verbose, PrintStream out) {
        var parts = pattern.split(":", 3);
        String provider = parts[0];
        if (pattern.startsWith("struct ") || pattern.startsWith("union ")) struct(facts, pattern, out);
        boolean any = provider.equals("*");
        String first = parts.length > 1 ? parts[1] : "*";
        String second = parts.length > 2 ? parts[2] : "*";
        if (any || provider.equals("tracepoint") || provider.equals("t"))
            tracepoints(facts, first, second, verbose, out);
        if (any || provider.equals("rawtracepoint") || provider.equals("rt"))
            facts.rawTracepoints(first).forEach(n -> raw(facts, n, verbose, out));
        if (any || provider.equals("software") || provider.equals("s"))
            SOFTWARE.forEach(n -> out.println("software:" + n));
        if (any || provider.equals("iter") || provider.equals("it"))
            facts.iterators(first).forEach(n -> iterator(facts, n, verbose, out));
        if (provider.matches("uprobe|u|uretprobe|ur"))
            facts.files(first)
                    .forEach(file -> facts.functions(file, second)
                            .forEach(n -> function(facts, file, n, verbose && !provider.startsWith("ur"), out)));
        if (provider.matches("usdt|U"))
            facts.files(first)
                    .forEach(file -> facts.staticProbes(file, parts.length > 2 ? second : "*")
                            .forEach(n -> usdt(facts, file, n, verbose, out)));
    }

    private static void tracepoints(HostFacts facts, String category, String name, boolean verbose, PrintStream out) {
        for (String full : facts.tracepoints(category, name)) {
            out.println("tracepoint:" + full);
            if (!verbose) continue;
            int colon = full.indexOf(':');
            facts.tracepoint(full.substring(0, colon), full.substring(colon + 1))
                    .ifPresent(t -> t.fields().stream()
                            .filter(f -> !f.name().startsWith("common_"))
                            .forEach(f -> out.println("    " + f.declared())));
        }
    }

    private static void iterator(HostFacts facts, String objects, boolean verbose, PrintStream out) {
        out.println("iter:" + objects);
        if (verbose)
            facts.layout(Target.Iterator.STRUCT + objects)
                    .ifPresent(l -> l.members().values().forEach(m -> out.println("    " + m.type() + " " + m.name())));
    }

    private static void function(HostFacts facts, String file, String name, boolean verbose, PrintStream out) {
        out.println("uprobe:" + file + ":" + name);
        if (verbose) facts.userFunction(file, name).forEach(a -> out.println("    " + a.type() + " " + a.name()));
    }

    private static void usdt(HostFacts facts, String file, String name, boolean verbose, PrintStream out) {
        out.println("usdt:" + file + ":" + name);
        if (verbose) facts.staticArguments(file, name).forEach(a -> out.println("    " + a));
    }

    private static void struct(HostFacts facts, String name, PrintStream out) {
        facts.layout(name).ifPresent(layout -> {
            out.println(name + " {");
            layout.members().values().forEach(m -> out.println("    " + m.type() + " " + m.name() + ";"));
            out.println("};");
        });
    }

    private static void raw(HostFacts facts, String name, boolean verbose, PrintStream out) {
        out.println("rawtracepoint:" + name);
        if (verbose)
            facts.rawTracepoint(name)
                    .ifPresent(all -> all.forEach(a -> out.println("    " + a.type() + " " + a.name())));
    }
}
