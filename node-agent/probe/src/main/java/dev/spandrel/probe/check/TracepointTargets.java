package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Expansion.Found;
import dev.spandrel.probe.check.Instance.Point;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import dev.spandrel.probe.type.Tracepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Tracepoints by name, with wildcards many. */
final class TracepointTargets {
    private final Facts facts;
    private final Diagnostics diagnostics;

    TracepointTargets(Facts facts, Diagnostics diagnostics) {
        this.facts = facts;
        this.diagnostics = diagnostics;
    }

    List<Found> find(AttachPoint point, Targets.Needs needs) {
        if (point.parts().size() != 3)
            return wrong(point, "a tracepoint has a category and a name", "tracepoint:sched:sched_switch");
        String category = point.parts().get(1);
        String name = point.parts().get(2);
        var names = facts.tracepoints(category, name);
        if (names.isEmpty()) {
            var all = facts.tracepoints("*", "*");
            var near = Near.to(category + ":" + name, all);
            return wrong(
                    point,
                    "the kernel has no tracepoint " + category + ":" + name,
                    near.map(n -> "did you mean tracepoint:" + n + "?").orElse("list them with -l 'tracepoint:*'"));
        }
        var found = new ArrayList<Found>();
        for (String full : names) tracepoint(full, needs, names.size() == 1).ifPresent(found::add);
        return found;
    }

    /**
     * System calls share a raw tracepoint: it is attached in a moment, however many they are. Its stacks begin with three frames of its own, each of which takes time to
     * walk, so one call whose stacks are wanted has a perf event.
     */
    private Optional<Found> tracepoint(String full, Targets.Needs needs, boolean single) {
        int colon = full.indexOf(':');
        String category = full.substring(0, colon);
        String name = full.substring(colon + 1);
        boolean enter = name.startsWith("sys_enter_");
        var number = category.equals("syscalls")
                ? facts.syscall(name.substring(name.indexOf('_', 4) + 1))
                : OptionalInt.empty();
        boolean shared = number.isPresent() && !(single && needs.stack());
        var format = needs.arguments() || single || !shared
                ? facts.tracepoint(category, name)
                : Optional.<Tracepoint>empty();
        if (!shared && format.isEmpty()) return Optional.empty();
        Target target = shared
                ? new Target.Syscall(number.getAsInt(), enter)
                : new Target.Tracepoint(category, name, format.orElseThrow().id());
        return Optional.of(new Found(new Point("tracepoint:" + full, target), format, List.of()));
    }

    List<Found> raw(AttachPoint point) {
        String name = point.parts().getLast();
        var names = facts.rawTracepoints(name);
        if (names.isEmpty() || point.parts().size() < 2)
            return wrong(
                    point,
                    "the kernel has no raw tracepoint " + name,
                    Near.to(name, facts.rawTracepoints("*"))
                            .map(n -> "did you mean rawtracepoint:" + n + "?")
                            .orElse("list them with -l 'rawtracepoint:*'"));
        return names.stream()
                .map(n -> new Found(
                        new Point("rawtracepoint:" + n, new Target.RawTracepoint(n)),
                        Optional.empty(),
                        facts.rawTracepoint(n).orElse(List.of())))
                .toList();
    }

    private List<Found> wrong(AttachPoint point, String message, String hint) {
        diagnostics.error(point.span(), message, hint);
        return List.of();
    }
}
