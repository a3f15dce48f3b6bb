package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Expansion.Found;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** watchpoint:ADDRESS:BYTES:ACCESS, of the process that -p or -c names, or of the kernel. */
final class WatchpointTargets {
    private static final Map<Character, Integer> ACCESS =
            Map.of('r', Target.Watchpoint.READ, 'w', Target.Watchpoint.WRITE, 'x', Target.Watchpoint.EXECUTE);
    private static final Set<Long> SIZES = Set.of(1L, 2L, 4L, 8L);

    private final Facts facts;
    private final Diagnostics diagnostics;
    private final Options options;

    WatchpointTargets(Facts facts, Diagnostics diagnostics, Options options) {
        this.facts = facts;
        this.diagnostics = diagnostics;
        this.options = options;
    }

    List<Found> find(AttachPoint point) {
        if (options.selection().managed().isPresent() || options.selection().cgroup())
            return wrong(point, "a watchpoint is of one process", "the tool has it, with -p PID");
        var refused = facts.refused(point.provider());
        if (refused.isPresent())
            return wrong(point, point.provider() + ": " + refused.get(), "uprobes and tracepoints need no hardware");
        var parts = point.parts();
        if (parts.size() != 4)
            return wrong(point, "a watchpoint has an address, a size and a kind of access", "watchpoint:0x601040:8:w");
        var address = address(parts.get(1));
        var bytes = SampledTargets.number(parts.get(2));
        if (address.isEmpty())
            return wrong(
                    point,
                    "a watchpoint is at an address, and " + parts.get(1) + " is none",
                    "where an argument leads to is not watched: print it by a uprobe, and watch what it says");
        if (bytes.isEmpty() || !SIZES.contains(bytes.getAsLong()) || address.get() % bytes.getAsLong() != 0)
            return wrong(
                    point,
                    "a watchpoint is of 1, 2, 4 or 8 bytes at a multiple of that",
                    "watchpoint:" + parts.get(1) + ":1:" + parts.get(3));
        int access =
                parts.get(3).chars().map(c -> ACCESS.getOrDefault((char) c, 8)).reduce(0, (a, b) -> a | b);
        if (access == 0 || access >= 8 || access > Target.Watchpoint.EXECUTE || access == Target.Watchpoint.READ)
            return wrong(
                    point,
                    "what is watched for is w, rw or x",
                    "watchpoint:" + parts.get(1) + ":" + parts.get(2) + ":w");
        var pid = options.selection().pid().or(options::child);
        return List.of(
                new Found(point.text(), new Target.Watchpoint(address.get(), (int) bytes.getAsLong(), access, pid)));
    }

    /** The kernel's are above the greatest number with a sign. */
    private static Optional<Long> address(String text) {
        try {
            return Optional.of(
                    text.matches("0[xX].*")
                            ? Long.parseUnsignedLong(text.substring(2), 16)
                            : Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private List<Found> wrong(AttachPoint point, String message, String hint) {
        diagnostics.error(point.span(), message, hint);
        return List.of();
    }
}
