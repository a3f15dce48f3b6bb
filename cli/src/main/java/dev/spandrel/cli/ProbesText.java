package dev.spandrel.cli;

import dev.spandrel.contract.v1.ProbeFigures;
import dev.spandrel.contract.v1.ProbeSetState;
import java.util.List;
import java.util.Locale;

/** Probe sets for people. Pure. */
final class ProbesText {
    private ProbesText() {}

    /** Each set with its probes below it. */
    static String of(List<ProbeSetState> sets) {
        Table table = new Table()
                .row("NAMESPACE", "PROBESET", "PROBE", "STATE", "NODES", "PODS", "EVENTS", "LOST", "CPU", "REMARK");
        for (ProbeSetState set : sets) {
            List<ProbeFigures> probes = set.getProbesList();
            table.row(
                    set.getNamespace(),
                    set.getName(),
                    "",
                    state(set),
                    set.getAttached() + "/" + set.getDesired(),
                    Integer.toString(set.getPods()),
                    "",
                    "",
                    "",
                    remark(set));
            probes.forEach(probe -> table.row(
                    "",
                    "",
                    probe.getName(),
                    "",
                    "",
                    "",
                    Long.toString(probe.getEvents()),
                    Long.toString(probe.getLost()),
                    probe.getCpuMeasured() ? String.format(Locale.ROOT, "%.3f%%", probe.getCpuMillionths() / 1e4) : "–",
                    ""));
        }
        return table.text();
    }

    static String state(ProbeSetState set) {
        if (set.getExpired()) return "expired";
        if (!set.getEnabled()) return "off";
        if (set.getProblemsCount() > 0) return set.getRefused() > 0 ? "rejected" : "invalid";
        if (set.getStopped() > 0) return "stopped";
        return set.getAttached() < set.getDesired() ? "pending" : "attached";
    }

    private static String remark(ProbeSetState set) {
        if (set.getProblemsCount() > 0) return String.join("; ", set.getProblemsList());
        if (set.getStopped() > 0)
            return "over its limit on " + set.getStopped() + ": kubectl get pset says by how much";
        return set.getExpiresAt().isEmpty() ? "" : (set.getExpired() ? "since " : "until ") + set.getExpiresAt();
    }
}
