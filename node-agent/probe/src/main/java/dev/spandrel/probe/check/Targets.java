package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Expansion.Found;
import dev.spandrel.probe.check.Instance.Point;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** What one attach point stands for: nothing and a diagnostic, one target, or with wildcards many. */
final class Targets {
    private static final Map<String, Integer> SOFTWARE = Map.ofEntries(
            Map.entry("cpu-clock", 0),
            Map.entry("cpu", 0),
            Map.entry("task-clock", 1),
            Map.entry("page-faults", 2),
            Map.entry("faults", 2),
            Map.entry("context-switches", 3),
            Map.entry("cs", 3),
            Map.entry("cpu-migrations", 4),
            Map.entry("minor-faults", 5),
            Map.entry("major-faults", 6),
            Map.entry("alignment-faults", 7),
            Map.entry("emulation-faults", 8),
            Map.entry("dummy", 9),
            Map.entry("bpf-output", 10));
    private static final Map<String, Integer> HARDWARE = Map.ofEntries(
            Map.entry("cpu-cycles", 0),
            Map.entry("cycles", 0),
            Map.entry("instructions", 1),
            Map.entry("cache-references", 2),
            Map.entry("cache-misses", 3),
            Map.entry("branch-instructions", 4),
            Map.entry("branches", 4),
            Map.entry("branch-misses", 5),
            Map.entry("bus-cycles", 6),
            Map.entry("frontend-stalls", 7),
            Map.entry("backend-stalls", 8),
            Map.entry("ref-cycles", 9));
    private static final Map<String, Long> UNITS =
            Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L, "hz", 0L);
    private static final Pattern DURATION = Pattern.compile("(\\d+)(ns|us|ms|s|m|hz)?");
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

    /** @param alone whether the probe has no other attach point: then a function that is not there is an error */
    List<Found> find(AttachPoint written, boolean arguments, boolean alone) {
        var point = substituted(written);
        String provider = point.provider();
        if (OF_KERNEL_FUNCTIONS.contains(provider)) return kernelFunctions(point);
        return switch (provider) {
            case "BEGIN" -> List.of(new Found("BEGIN", new Target.Begin()));
            case "END" -> List.of(new Found("END", new Target.End()));
            case "tracepoint" -> tracepoints(point, arguments);
            case "rawtracepoint" -> rawTracepoints(point);
            case "uprobe", "uretprobe" -> ofUsers().functions(point, alone);
            case "usdt" -> ofUsers().statics(point);
            case "profile", "interval" -> timed(point);
            case "software" -> counted(point, SOFTWARE);
            case "hardware" -> counted(point, HARDWARE);
            case "self" -> self(point);
            case "iter" -> iterator(point);
            case "watchpoint", "asyncwatchpoint" -> unfinished(point);
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

    private List<Found> tracepoints(AttachPoint point, boolean arguments) {
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
        for (String full : names) tracepoint(full, arguments, names.size() == 1).ifPresent(found::add);
        return found;
    }

    private Optional<Found> tracepoint(String full, boolean arguments, boolean single) {
        int colon = full.indexOf(':');
        String category = full.substring(0, colon);
        String name = full.substring(colon + 1);
        boolean enter = name.startsWith("sys_enter_");
        var number = category.equals("syscalls")
                ? facts.syscall(name.substring(name.indexOf('_', 4) + 1))
                : java.util.OptionalInt.empty();
        boolean shared = number.isPresent();
        var format = arguments || single || !shared
                ? facts.tracepoint(category, name)
                : Optional.<dev.spandrel.probe.type.Tracepoint>empty();
        if (!shared && format.isEmpty()) return Optional.empty();
        Target target = shared
                ? new Target.Syscall(number.getAsInt(), enter)
                : new Target.Tracepoint(category, name, format.orElseThrow().id());
        return Optional.of(new Found(new Point("tracepoint:" + full, target), format, List.of()));
    }

    private List<Found> rawTracepoints(AttachPoint point) {
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

    private UserTargets ofUsers() {
        return new UserTargets(facts, diagnostics, options.selection().managed().isPresent());
    }

    private List<Found> timed(AttachPoint point) {
        var parts = point.parts();
        boolean profile = point.provider().equals("profile");
        var duration = DURATION.matcher(parts.getLast());
        boolean written = parts.size() == 2 && duration.matches();
        String unit =
                parts.size() == 3 ? parts.get(1) : written && duration.group(2) != null ? duration.group(2) : "ns";
        var value = number(written ? duration.group(1) : parts.getLast());
        if (parts.size() < 2 || value.isEmpty() || value.getAsLong() <= 0 || !UNITS.containsKey(unit))
            return wrong(
                    point,
                    point.provider() + " takes a unit and a number above 0",
                    point.provider() + (profile ? ":hz:99" : ":s:1") + "; units are hz, us, ms, s");
        long n = value.getAsLong();
        if (profile)
            return List.of(new Found(
                    point.text(),
                    unit.equals("hz") ? new Target.Profile(n, 0) : new Target.Profile(0, n * UNITS.get(unit))));
        return List.of(new Found(
                point.text(), new Target.Interval(unit.equals("hz") ? 1_000_000_000L / n : n * UNITS.get(unit))));
    }

    private List<Found> counted(AttachPoint point, Map<String, Integer> events) {
        var parts = point.parts();
        Integer event = parts.size() > 1 ? events.get(parts.get(1)) : null;
        if (event == null)
            return wrong(
                    point,
                    "there is no " + point.provider() + " event of this name",
                    "they are " + String.join(", ", new java.util.TreeSet<>(events.keySet())));
        var refused = facts.refused(point.provider());
        if (refused.isPresent())
            return wrong(
                    point, point.provider() + ": " + refused.get(), "software events and profile need no hardware");
        long count = parts.size() > 2 && !parts.get(2).isEmpty()
                ? number(parts.get(2)).orElse(0)
                : event == 0 ? 1_000_000 : 1;
        if (count <= 0)
            return wrong(
                    point,
                    "the number of events between two samples is above 0",
                    point.provider() + ":" + parts.get(1) + ":100");
        return List.of(new Found(
                point.text(),
                point.provider().equals("software")
                        ? new Target.Software(event, count)
                        : new Target.Hardware(event, count)));
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
        return wrong(point, point.provider() + " probes are not implemented", "BEGIN, interval and tracepoint are");
    }

    static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.decode(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
