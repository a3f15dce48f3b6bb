package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.Kernel;
import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.policy.NodeTarget;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How far a node is.
 *
 * @param acknowledged what its agent said it runs by, rejected workloads included
 * @param rejected by workload id, of what it acknowledged
 * @param lost what its agent lost since it started, by reason, as last published
 * @param drifted ids of workloads whose map values its agent found gone or changed, and has not seen stay right since
 * @param known what its agent understands of a configuration
 * @param disconnectedNanos how long no agent has been connected; absent while one is
 */
public record NodeProgress(
        Optional<NodeTarget> acknowledged,
        Map<String, Rejection> rejected,
        Map<String, Long> lost,
        Set<String> drifted,
        KnownFields known,
        Optional<Long> disconnectedNanos,
        Kernel kernel,
        Probes probes) {
    /** One that says nothing of probes. */
    public NodeProgress(
            Optional<NodeTarget> acknowledged,
            Map<String, Rejection> rejected,
            Map<String, Long> lost,
            Set<String> drifted,
            KnownFields known,
            Optional<Long> disconnectedNanos,
            Kernel kernel) {
        this(acknowledged, rejected, lost, drifted, known, disconnectedNanos, kernel, Probes.NONE);
    }

    /**
     * What its agent says of probes.
     *
     * @param taken whether it knows what they are
     * @param reports by id
     */
    public record Probes(boolean taken, Map<String, ProbeReport> reports) {
        static final Probes NONE = new Probes(false, Map.of());

        public Probes {
            reports = Map.copyOf(reports);
        }

        public static Probes of(boolean taken, Collection<ProbeReport> reports) {
            return new Probes(
                    taken,
                    reports.stream()
                            .collect(Collectors.toMap(ProbeReport::getId, Function.identity(), (first, _) -> first)));
        }
    }

    public NodeProgress {
        rejected = Map.copyOf(rejected);
        lost = Map.copyOf(lost);
        drifted = Set.copyOf(drifted);
    }

    /** The same, but for how long no agent has been connected. */
    public NodeProgress awayAtMost(long nanos) {
        return disconnectedNanos.filter(away -> away > nanos).isEmpty()
                ? this
                : new NodeProgress(acknowledged, rejected, lost, drifted, known, Optional.of(nanos), kernel, probes);
    }
}
