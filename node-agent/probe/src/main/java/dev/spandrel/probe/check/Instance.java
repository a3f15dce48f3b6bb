package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Tracepoint;
import java.util.List;
import java.util.Optional;

/**
 * One BPF program to be: a probe of the source and the attach points that can share its code. `index` is the probe's place in the
 * source; `format` and `raw` say what `args` has.
 */
public record Instance(
        int index, Program.Probe probe, List<Point> points, Optional<Tracepoint> format, List<Layout.Member> raw) {
    /** An attach point under its full name. */
    public record Point(String name, Target target) {
        public String function() {
            return switch (target) {
                case Target.Uprobe(var _, var symbol, var _, var _) -> symbol;
                case Target.Kprobe(var symbol, var _, var _) -> symbol;
                case Target.KernelFunction(var symbol, var _) -> symbol;
                case Target.Usdt(var _, var _, var usdt, var _) -> usdt;
                default -> "";
            };
        }
    }

    public Target target() {
        return points.getFirst().target();
    }

    public boolean userSpace() {
        return target().userSpace();
    }
}
