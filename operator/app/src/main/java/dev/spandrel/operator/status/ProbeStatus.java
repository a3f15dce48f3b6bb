package dev.spandrel.operator.status;

import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.ProbeState;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.crds.Condition;
import dev.spandrel.crds.Probe;
import dev.spandrel.crds.ProbeSet;
import dev.spandrel.crds.ProbeSetStatus;
import dev.spandrel.crds.ProbeSetStatus.Nodes;
import dev.spandrel.crds.ProbeSetStatus.ProgramError;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.ProbeSetResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of one probe set. */
public final class ProbeStatus {
    private static final int MOST_ERRORS = 20;

    private final ProbeSetResult result;
    private final String name;
    private final SortedMap<String, ProbeNode> nodes = new TreeMap<>();
    private final SortedMap<String, NodeProgress> progress = new TreeMap<>();

    private ProbeStatus(String name, ProbeSetResult result) {
        this.name = name;
        this.result = result;
    }

    public static ProbeSetStatus of(
            ProbeSet set,
            ProbeSetResult result,
            Compilation compilation,
            Function<String, NodeProgress> progress,
            Instant now) {
        String name = set.getMetadata().getNamespace() + "/" + set.getMetadata().getName();
        ProbeStatus status = new ProbeStatus(name, result);
        result.nodes().forEach(node -> {
            NodeProgress report = progress.apply(node);
            status.progress.put(node, report);
            status.nodes.put(node, ProbeNode.of(name, compilation.node(node), report));
        });
        return status.build(set, now);
    }

    private ProbeSetStatus build(ProbeSet set, Instant now) {
        ProbeJudgement judgement = new ProbeJudgement(result, nodes);
        long generation = set.getMetadata().getGeneration();
        Optional<ProbeSetStatus> before = Optional.ofNullable(set.getStatus());
        List<Condition> conditions = before.map(ProbeSetStatus::conditions).orElse(List.of());
        int attached = result.attach() ? judgement.in(ProbeNode.Taken.class).size() : 0;
        return new ProbeSetStatus(
                generation,
                judgement.conditions(new Conditions(conditions, generation, now)),
                result.expiry().map(expiry -> expiry.at().toString()).orElse(null),
                result.pods(),
                new Nodes(
                        nodes.size(),
                        attached,
                        judgement.in(ProbeNode.Refused.class).size(),
                        attached + "/" + nodes.size()),
                set.getSpec().probes().stream().map(this::state).toList(),
                result.attach() || judgement.isChecked()
                        ? result.hash()
                        : before.map(ProbeSetStatus::checkedHash).orElse(null));
    }

    private ProbeSetStatus.ProbeState state(Probe probe) {
        String id = ProbeNode.id(name, probe.name());
        SortedMap<String, ProbeReport> reports = new TreeMap<>();
        progress.forEach((node, report) -> {
            ProbeReport one = report.probes().reports().get(id);
            if (one != null) reports.put(node, one);
        });
        List<ProgramError> errors = errors(probe.name(), id);
        return new ProbeSetStatus.ProbeState(
                probe.name(),
                count(reports, ProbeState.PROBE_STATE_ATTACHED),
                reports.values().stream().mapToLong(ProbeReport::getEvents).sum(),
                reports.values().stream().mapToLong(ProbeReport::getLost).sum(),
                cpu(reports),
                count(reports, ProbeState.PROBE_STATE_STOPPED),
                message(id, reports),
                errors.isEmpty() ? null : errors);
    }

    private static int count(Map<String, ProbeReport> reports, ProbeState state) {
        return (int) reports.values().stream()
                .filter(report -> report.getState() == state)
                .count();
    }

    private static @Nullable String cpu(Map<String, ProbeReport> reports) {
        return reports.values().stream()
                .filter(ProbeReport::getCpuMeasured)
                .map(ProbeReport::getCpuMillionths)
                .max(Integer::compare)
                .map(most -> "%.4f%%".formatted(most / 1e4))
                .orElse(null);
    }

    /** Of what the first node says. */
    private @Nullable String message(String id, SortedMap<String, ProbeReport> reports) {
        Stream<String> refused = progress.entrySet().stream()
                .filter(node -> nodes.get(node.getKey()) instanceof ProbeNode.Refused
                        && node.getValue().rejected().containsKey(id))
                .map(node -> node.getKey() + ": "
                        + Programs.text(node.getValue().rejected().get(id)));
        Stream<String> said = reports.entrySet().stream()
                .filter(node -> !node.getValue().getMessage().isEmpty())
                .map(node -> node.getKey() + ": " + node.getValue().getMessage());
        return Stream.concat(refused, said).findFirst().orElse(null);
    }

    private List<ProgramError> errors(String probe, String id) {
        List<ProgramError> errors = new ArrayList<>();
        result.errors()
                .getOrDefault(probe, List.of())
                .forEach(fault -> errors.add(new ProgramError(fault.line(), fault.column(), fault.message())));
        nodes.forEach((node, state) -> {
            if (state instanceof ProbeNode.Refused) {
                Rejection rejection = progress.get(node).rejected().get(id);
                if (rejection != null) {
                    rejection
                            .getProblemsList()
                            .forEach(problem -> errors.add(
                                    new ProgramError(problem.getLine(), problem.getColumn(), problem.getMessage())));
                }
            }
        });
        return errors.stream().distinct().limit(MOST_ERRORS).toList();
    }
}
