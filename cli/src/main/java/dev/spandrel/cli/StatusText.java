package dev.spandrel.cli;

import dev.spandrel.contract.v1.PolicyList;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Policies for people. Pure. */
final class StatusText {
    private StatusText() {}

    /** @param namespace the one that was asked for; empty: all */
    static String of(PolicyList policies, String namespace) {
        String probes = policies.getProbeSetsCount() == 0 ? "" : "\n" + ProbesText.of(policies.getProbeSetsList());
        if (policies.getPoliciesCount() == 0) {
            return (namespace.isEmpty()
                            ? "The cluster has no TracePolicy.\n"
                            : "Namespace " + namespace + " has no TracePolicy; -A shows those of all.\n")
                    + probes;
        }
        Table table = new Table().row("NAMESPACE", "NAME", "STATE", "NODES", "SAMPLING", "PODS", "LOST", "REMARK");
        for (var policy : policies.getPoliciesList()) {
            table.row(
                    policy.getNamespace(),
                    policy.getName(),
                    PolicyState.of(policy).word(),
                    policy.getProgrammed() + "/" + policy.getDesired(),
                    policy.getSampling().isEmpty() ? "–" : policy.getSampling(),
                    Integer.toString(policy.getPods()),
                    lost(policy.getLostMap()),
                    remark(policy));
        }
        return table.text() + probes;
    }

    /** By reason; a dash for nothing. */
    static String lost(Map<String, Long> lost) {
        return lost.isEmpty()
                ? "–"
                : new TreeMap<>(lost)
                        .entrySet().stream()
                                .map(loss -> loss.getKey() + "=" + loss.getValue())
                                .collect(Collectors.joining(","));
    }

    private static String remark(dev.spandrel.contract.v1.PolicyState policy) {
        return switch (PolicyState.of(policy)) {
            case INVALID -> String.join("; ", policy.getProblemsList());
            case EXPIRED -> "since " + policy.getExpiresAt();
            case REJECTED -> "rejected by " + policy.getRejected() + ": spandrel nodes says why";
            case DRIFTED ->
                "%s not as written, put right by the agent"
                        .formatted(policy.getDrifted() == 1 ? "1 kernel was" : policy.getDrifted() + " kernels were");
            case PENDING, PROGRAMMED -> {
                String until = policy.getExpiresAt().isEmpty() ? "" : "until " + policy.getExpiresAt();
                String conflicts = policy.getConflictsList().stream()
                        .map(conflict ->
                                conflict.getWinner() + " wins on " + String.join(", ", conflict.getFieldsList()))
                        .collect(Collectors.joining("; "));
                yield until + (until.isEmpty() || conflicts.isEmpty() ? "" : "; ") + conflicts;
            }
        };
    }
}
