package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Instance.Point;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Tracepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what attach points mean, and which of a probe's can share one BPF program. */
public final class Expansion {
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("t", "tracepoint"),
            Map.entry("rt", "rawtracepoint"),
            Map.entry("u", "uprobe"),
            Map.entry("ur", "uretprobe"),
            Map.entry("U", "usdt"),
            Map.entry("p", "profile"),
            Map.entry("i", "interval"),
            Map.entry("s", "software"),
            Map.entry("h", "hardware"),
            Map.entry("k", "kprobe"),
            Map.entry("kr", "kretprobe"),
            Map.entry("it", "iter"),
            Map.entry("w", "watchpoint"),
            Map.entry("aw", "asyncwatchpoint"),
            Map.entry("begin", "BEGIN"),
            Map.entry("end", "END"),
            Map.entry("f", "kfunc"),
            Map.entry("fr", "kretfunc"),
            Map.entry("fentry", "kfunc"),
            Map.entry("fexit", "kretfunc"));

    /** What an attach point stands for, with what decides who can share code. */
    record Found(Point point, Optional<Tracepoint> format, List<Layout.Member> raw) {
        Found(String name, Target target) {
            this(new Point(name, target), Optional.empty(), List.of());
        }
    }

    private final Targets targets;

    private Expansion(Facts facts, Diagnostics diagnostics, Options options) {
        targets = new Targets(facts, diagnostics, options);
    }

    public static List<Instance> expand(Program program, Facts facts, Options options, Diagnostics diagnostics) {
        var expansion = new Expansion(facts, diagnostics, options);
        var instances = new ArrayList<Instance>();
        for (int i = 0; i < program.probes().size(); i++)
            instances.addAll(expansion.instances(i, program.probes().get(i)));
        return List.copyOf(instances);
    }

    private List<Instance> instances(int index, Program.Probe probe) {
        var needs = new Targets.Needs(
                Uses.name(probe, "args", "ctx"),
                Uses.kernelStack(probe),
                probe.points().size() == 1);
        var found = probe.points().stream()
                .flatMap(point -> targets.find(withLongName(point), needs).stream())
                .toList();
        return groups(found, needs.arguments()).stream()
                .map(group -> new Instance(
                        index,
                        probe,
                        group.stream().map(Found::point).toList(),
                        group.iterator().next().format(),
                        group.iterator().next().raw()))
                .toList();
    }

    /** Those whose code is the same, each attach point once. One alone is compared with nothing: the first comparison of each kind of record costs a start milliseconds. */
    private static Collection<Collection<Found>> groups(List<Found> all, boolean arguments) {
        if (all.size() == 1) return List.of(all);
        var groups = new LinkedHashMap<Object, Map<Point, Found>>();
        for (Found found : all)
            groups.computeIfAbsent(shared(found, arguments), k -> new LinkedHashMap<>())
                    .putIfAbsent(found.point(), found);
        return groups.values().stream().map(Map::values).toList();
    }

    private static AttachPoint withLongName(AttachPoint point) {
        var parts = new ArrayList<>(point.parts());
        parts.set(0, SHORT.getOrDefault(parts.getFirst(), parts.getFirst()));
        return new AttachPoint(point.span(), List.copyOf(parts));
    }

    /** Equal for attach points whose code is the same. */
    private static Object shared(Found found, boolean arguments) {
        Object fields = arguments ? found.format().map(f -> (Object) f.fields()).orElse("") : "";
        return switch (found.point().target()) {
            case Target.Syscall(var _, boolean enter) -> List.of("syscall", enter, fields);
            case Target.Tracepoint tracepoint -> List.of("tracepoint", tracepoint.isSyscall(), fields);
            case Target.Kprobe(var _, var _, boolean atReturn) -> List.of("kprobe", atReturn);
            case Target.Uprobe(var _, var _, var _, boolean atReturn) -> List.of("uprobe", atReturn, found.raw());
            default -> found.point();
        };
    }
}
