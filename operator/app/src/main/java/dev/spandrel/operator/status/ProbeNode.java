package dev.spandrel.operator.status;

import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.ProbeState;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.NodeProbes;
import dev.spandrel.policy.NodeTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How far one node is with one probe set. */
sealed interface ProbeNode {
    /** Its agent has taken the set as it is now. */
    record Taken() implements ProbeNode {}

    /** It took more than it may, and was stopped. */
    record Stopped(List<ProbeReport> probes) implements ProbeNode {}

    /** Probes that do not fit it. */
    record Refused(List<Rejection> probes) implements ProbeNode {}

    /** No answer yet. */
    record Pending(boolean connected) implements ProbeNode {}

    /** Its agent does not know what probes are. */
    record Outdated() implements ProbeNode {}

    static String id(String set, String probe) {
        return "probe/" + set + "/" + probe;
    }

    /** @param set namespace/name */
    static ProbeNode of(String set, NodeTarget target, NodeProgress progress) {
        Optional<Duration> away = progress.disconnectedNanos().map(Duration::ofNanos);
        boolean holds =
                progress.acknowledged().filter(held -> holds(set, held, target)).isPresent();
        if (!holds
                || away.filter(one -> one.compareTo(NodeState.RECONNECT) >= 0).isPresent()) {
            return new Pending(away.isEmpty());
        }
        if (away.isEmpty() && !progress.probes().taken()) {
            return new Outdated();
        }
        String prefix = id(set, "");
        List<Rejection> refused = progress.rejected().values().stream()
                .filter(one -> one.getWorkloadId().startsWith(prefix))
                .sorted(java.util.Comparator.comparing(Rejection::getWorkloadId))
                .toList();
        if (!refused.isEmpty()) {
            return new Refused(refused);
        }
        List<ProbeReport> stopped = progress.probes().reports().values().stream()
                .filter(report ->
                        report.getId().startsWith(prefix) && report.getState() == ProbeState.PROBE_STATE_STOPPED)
                .sorted(java.util.Comparator.comparing(ProbeReport::getId))
                .toList();
        return stopped.isEmpty() ? new Taken() : new Stopped(stopped);
    }

    /** Other things of the node may still be on their way. */
    private static boolean holds(String set, NodeTarget held, NodeTarget target) {
        if (held.version().equals(target.version())) {
            return true;
        }
        Optional<ProbeSetConfig> wanted = find(set, target.probes());
        return wanted.isPresent()
                && wanted.equals(find(set, held.probes()))
                && held.probes()
                        .probed()
                        .containsAll(target.probes().probed().stream()
                                .filter(workload ->
                                        wanted.get().getWorkloadsList().contains(workload.getId()))
                                .toList());
    }

    private static Optional<ProbeSetConfig> find(String set, NodeProbes probes) {
        return probes.sets().stream().filter(one -> one.getName().equals(set)).findFirst();
    }
}
