package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Expansion.Found;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What one attach point stands for: nothing and a diagnostic, one target, or with wildcards many. */
final class Targets {
    private static final List<String> PROVIDERS = List.of(
            "BEGIN",
            "END",
            "tracepoint",
            "rawtracepoint",
            "uprobe",
            "uretprobe",
            "usdt",
            "profile",
            "interval",
            "software",
            "hardware",
            "self",
            "iter",
            "watchpoint",
            "kprobe",
            "kretprobe",
            "fentry",
            "fexit");
    private static final List<String> SIGNALS = List.of("SIGUSR1", "SIGUSR2");
    private static final Set<String> OF_KERNEL_FUNCTIONS = Set.of("kprobe", "kretprobe", "kfunc", "kretfunc");

    private final Facts facts;
    private final Diagnostics diagnostics;
    private final Options options;

    Targets(Facts facts, Diagnostics diagnostics, Options options) {
        this.facts = facts;
        this.diagnostics = diagnostics;
        this.options = options;
    }

    /**
     * What decides how a probe's attach points are attached to.
     *
     * @param arguments whether it asks for what a tracepoint says
     * @param stack whether it asks for the kernel's stack
     * @param alone whether the probe has no other attach point: then a function that is not there is an error
     */
    record Needs(boolean arguments, boolean stack, boolean alone) {}

    List<Found> find(AttachPoint written, Needs needs) {
        var point = substituted(written);
        String provider = point.provider();
        if (OF_KERNEL_FUNCTIONS.contains(provider)) return kernelFunctions(point);
        return switch (provider) {
            case "BEGIN" -> List.of(new Found("BEGIN", new Target.Begin()));
            case "END" -> List.of(new Found("END", new Target.End()));
            case "tracepoint" -> new TracepointTargets(facts, diagnostics).find(point, needs);
            case "rawtracepoint" -> new TracepointTargets(facts, diagnostics).raw(point);
            case "uprobe", "uretprobe" -> ofUsers().functions(point, needs);
            case "usdt" -> ofUsers().statics(point);
            case "profile", "interval" -> new SampledTargets(facts, diagnostics).timed(point);
            case "software", "hardware" -> new SampledTargets(facts, diagnostics).counted(point);
            case "self" -> self(point);
            case "iter" -> iterator(point);
            case "watchpoint", "asyncwatchpoint" -> new WatchpointTargets(facts, diagnostics, options).find(point);
            case "test", "bench" -> unfinished(point);
            default -> unknown(point);
        };
    }

    /** $1 in an attach point is the positional parameter. */
    private AttachPoint substituted(AttachPoint point) {
        var parts = new ArrayList<String>();
        for (String part : point.parts()) {
            String meant = part;
            if (part.matches("\\$\\d+")) {
                int index = Integer.parseInt(part.substring(1)) - 1;
                meant = index >= 0 && index < options.parameters().size()
                        ? options.parameters().get(index)
                        : "0";
            }
            parts.add(meant);
        }
        return new AttachPoint(point.span(), parts);
    }

    private List<Found> unknown(AttachPoint point) {
        String message = "there is no provider '" + point.provider() + "'";
        Near.to(point.provider(), PROVIDERS)
                .ifPresentOrElse(
                        near -> diagnostics.error(point.span(), message, "did you mean '" + near + "'?"),
                        () -> diagnostics.error(
                                point.span(), message, "providers are " + String.join(", ", PROVIDERS)));
        return List.of();
    }

    private List<Found> kernelFunctions(AttachPoint point) {
        var why = facts.refused(point.provider());
        if (why.isPresent())
            return wrong(
                    point,
                    point.provider() + ": " + why.get(),
                    "tracepoints are near most functions: list them with -l 'tracepoint:*'");
        return new KernelTargets(facts, diagnostics).find(point);
    }

    private List<Found> wrong(AttachPoint point, String message, String hint) {
        diagnostics.error(point.span(), message, hint);
        return List.of();
    }

    private UserTargets ofUsers() {
        return new UserTargets(facts, diagnostics, options.selection().managed().isPresent());
    }

    private List<Found> self(AttachPoint point) {
        if (options.selection().managed().isPresent())
            return wrong(point, "an agent hands its programs no signals", "an interval probe runs now and then");
        var parts = point.parts();
        if (parts.size() != 3 || !parts.get(1).equals("signal") || !SIGNALS.contains(parts.get(2)))
            return wrong(point, "self has signals alone: " + String.join(", ", SIGNALS), "self:signal:SIGUSR1");
        return List.of(new Found(point.text(), new Target.Self(parts.get(2))));
    }

    private List<Found> iterator(AttachPoint point) {
        var selection = options.selection();
        if (selection.managed().isPresent())
            return wrong(
                    point,
                    "iter goes through the whole node's objects, whoever's they are",
                    "tracepoints see what selected processes do");
        if (point.parts().size() > 2)
            return wrong(
                    point,
                    "iter is not pinned: what it prints comes here",
                    "iter:" + point.parts().get(1));
        String objects = point.parts().getLast();
        var all = facts.iterators();
        if (point.parts().size() < 2 || !all.contains(objects))
            return wrong(
                    point,
                    "the kernel has no iterator over " + objects,
                    all.isEmpty() ? "iterators need a kernel with BTF" : "it has " + String.join(", ", all));
        boolean ofTasks = objects.startsWith("task");
        if (selection.cgroup() || selection.pid().isPresent() && !ofTasks)
            return wrong(
                    point,
                    point.text() + " goes through objects of all processes",
                    "iterators over tasks can be limited by -p");
        return List.of(new Found(point.text(), new Target.Iterator(objects)));
    }

    private List<Found> unfinished(AttachPoint point) {
        return wrong(point, point.provider() + " probes are not run", "BEGIN runs once");
    }
}
