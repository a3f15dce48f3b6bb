package dev.spandrel.operator.status;

import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.ProbeSetResult;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One probe set on the nodes that are connected here: what several replicas say can be added.
 *
 * @param faults of its programs, with their places
 */
public record ProbeTally(int taken, int refused, int stopped, List<String> faults, SortedMap<String, Figures> probes) {
    /** One probe. */
    public record Figures(long events, long lost, int cpuMillionths, boolean measured) {
        Figures plus(Figures other) {
            return new Figures(
                    events + other.events,
                    lost + other.lost,
                    Math.max(cpuMillionths, other.cpuMillionths),
                    measured || other.measured);
        }
    }

    /** @param set namespace/name */
    public static ProbeTally of(
            String set, ProbeSetResult result, Compilation compilation, Function<String, NodeProgress> progress) {
        int taken = 0;
        int refused = 0;
        int stopped = 0;
        List<String> faults = new ArrayList<>();
        SortedMap<String, Figures> probes = new TreeMap<>();
        result.errors()
                .forEach((probe, found) -> found.forEach(
                        fault -> faults.add(Programs.text(probe, fault.line(), fault.column(), fault.message()))));
        for (String node : result.nodes()) {
            NodeProgress report = progress.apply(node);
            if (report.disconnectedNanos().isPresent()) {
                continue;
            }
            ProbeNode state = ProbeNode.of(set, compilation.node(node), report);
            taken += state instanceof ProbeNode.Taken ? 1 : 0;
            stopped += state instanceof ProbeNode.Stopped ? 1 : 0;
            if (state instanceof ProbeNode.Refused(var rejections)) {
                refused++;
                rejections.stream()
                        .map(Programs::text)
                        .filter(text -> !faults.contains(text))
                        .forEach(faults::add);
            }
            String prefix = ProbeNode.id(set, "");
            report.probes().reports().forEach((id, one) -> {
                if (id.startsWith(prefix)) {
                    probes.merge(id.substring(prefix.length()), figures(one), Figures::plus);
                }
            });
        }
        return new ProbeTally(taken, refused, stopped, faults, probes);
    }

    private static Figures figures(ProbeReport report) {
        return new Figures(report.getEvents(), report.getLost(), report.getCpuMillionths(), report.getCpuMeasured());
    }
}
