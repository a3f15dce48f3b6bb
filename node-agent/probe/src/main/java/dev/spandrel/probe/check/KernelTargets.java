package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Expansion.Found;
import dev.spandrel.probe.check.Instance.Point;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Functions of the kernel, where it can be attached to. */
final class KernelTargets {
    private final Facts facts;
    private final Diagnostics diagnostics;

    KernelTargets(Facts facts, Diagnostics diagnostics) {
        this.facts = facts;
        this.diagnostics = diagnostics;
    }

    /** kprobe:function, kprobe:function+offset, kretprobe:function, fentry:function (or fentry:vmlinux:function). */
    List<Found> find(AttachPoint point) {
        String provider = point.provider();
        boolean atReturn = provider.equals("kretprobe") || provider.equals("kretfunc");
        String function = point.parts().getLast();
        int plus = function.indexOf('+');
        long offset = plus > 0 ? offset(point, function.substring(plus + 1)) : 0;
        var names = facts.kernelFunctions(plus > 0 ? function.substring(0, plus) : function);
        if (names.isEmpty() || point.parts().size() < 2) {
            diagnostics.error(
                    point.span(),
                    "the kernel has no function " + function,
                    Near.to(function, facts.kernelFunctions("*"))
                            .map(n -> "did you mean " + n + "?")
                            .orElse("list them with -l '" + provider + ":*'"));
            return List.of();
        }
        var found = new ArrayList<Found>();
        for (String name : names) {
            if (provider.startsWith("kprobe") || provider.startsWith("kretprobe"))
                found.add(new Found(
                        provider + ":" + name + (offset == 0 ? "" : "+" + offset),
                        new Target.Kprobe(name, offset, atReturn)));
            else typed(name, atReturn).ifPresent(found::add);
        }
        if (found.isEmpty())
            diagnostics.error(
                    point.span(), "the kernel does not tell the types of " + function, "take kprobe:" + function);
        return found;
    }

    private Optional<Found> typed(String name, boolean atReturn) {
        String provider = atReturn ? "kretfunc:" : "kfunc:";
        return facts.kernelFunction(name)
                .map(members -> new Found(
                        new Point(provider + name, new Target.KernelFunction(name, atReturn)),
                        Optional.empty(),
                        atReturn
                                ? members
                                : members.stream()
                                        .filter(m -> !m.name().equals("retval"))
                                        .toList()));
    }

    private long offset(AttachPoint point, String written) {
        try {
            return Long.decode(written);
        } catch (NumberFormatException e) {
            diagnostics.error(point.span(), "an offset is a number, and not " + written);
            return 0;
        }
    }
}
