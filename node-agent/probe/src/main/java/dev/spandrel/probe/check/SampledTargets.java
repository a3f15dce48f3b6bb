package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Expansion.Found;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Probes that run each time some time has passed, or something has happened so often. */
final class SampledTargets {
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

    private final Facts facts;
    private final Diagnostics diagnostics;

    SampledTargets(Facts facts, Diagnostics diagnostics) {
        this.facts = facts;
        this.diagnostics = diagnostics;
    }

    List<Found> timed(AttachPoint point) {
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

    List<Found> counted(AttachPoint point) {
        var events = point.provider().equals("software") ? SOFTWARE : HARDWARE;
        var parts = point.parts();
        Integer event = parts.size() > 1 ? events.get(parts.get(1)) : null;
        if (event == null)
            return wrong(
                    point,
                    "there is no " + point.provider() + " event of this name",
                    "they are " + String.join(", ", new TreeSet<>(events.keySet())));
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

    private List<Found> wrong(AttachPoint point, String message, String hint) {
        diagnostics.error(point.span(), message, hint);
        return List.of();
    }

    static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.decode(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
