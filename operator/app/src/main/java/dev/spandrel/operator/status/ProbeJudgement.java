package dev.spandrel.operator.status;

import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.crds.Condition;
import dev.spandrel.crds.Condition.Reason;
import dev.spandrel.crds.Condition.Type;
import dev.spandrel.policy.PolicyResult.Expiry;
import dev.spandrel.policy.ProbeSetResult;
import dev.spandrel.policy.Problem;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What holds of one probe set, from what was compiled and from the states of the nodes it is for. */
record ProbeJudgement(ProbeSetResult result, SortedMap<String, ProbeNode> nodes) {
    private record Judged(boolean holds, Reason reason, String message) {}

    List<Condition> conditions(Conditions conditions) {
        if (result.expiry().filter(Expiry::over).isPresent()) {
            Judgement.expired(conditions, result.expiry().get());
            return conditions.build();
        }
        Judged accepted = accepted();
        Judged programmed = accepted.holds()
                ? programmed()
                : new Judged(
                        false,
                        accepted.reason() == Reason.Rejected ? Reason.Rejected : Reason.NotAccepted,
                        "not accepted; what was attached before runs on");
        boolean ready = accepted.holds() && programmed.holds();
        conditions.add(Type.Accepted, accepted.holds(), accepted.reason(), accepted.message());
        conditions.add(Type.Programmed, programmed.holds(), programmed.reason(), programmed.message());
        conditions.add(
                Type.Ready,
                ready,
                ready ? Reason.Ready : Reason.NotReady,
                ready ? "accepted and programmed" : "see " + (accepted.holds() ? "Programmed" : "Accepted"));
        conditions.progress();
        return conditions.build();
    }

    private Judged accepted() {
        if (!result.isValid()) {
            Stream<String> errors = result.errors().entrySet().stream()
                    .flatMap(probe -> probe.getValue().stream()
                            .map(fault ->
                                    Programs.text(probe.getKey(), fault.line(), fault.column(), fault.message())));
            return new Judged(
                    false,
                    Reason.Invalid,
                    Stream.concat(result.problems().stream().map(Problem::toString), errors)
                            .collect(Collectors.joining("; ")));
        }
        List<String> refusing = in(ProbeNode.Refused.class);
        if (!refusing.isEmpty()) {
            Rejection first = ((ProbeNode.Refused) nodes.get(refusing.getFirst()))
                    .probes()
                    .getFirst();
            return new Judged(
                    false,
                    Reason.Rejected,
                    "%s (%s; %d of %d nodes: %s)"
                            .formatted(
                                    Programs.text(first),
                                    first.getReason(),
                                    refusing.size(),
                                    nodes.size(),
                                    Judgement.names(refusing)));
        }
        return new Judged(
                true,
                Reason.Accepted,
                "its programs can be read" + (result.attach() ? ", and fit the nodes' kernels" : ""));
    }

    private Judged programmed() {
        List<String> pending = in(ProbeNode.Pending.class);
        List<String> stopped = in(ProbeNode.Stopped.class);
        List<String> outdated = in(ProbeNode.Outdated.class);
        if (!result.enabled()) {
            return new Judged(true, Reason.Disabled, "enabled is false: detached everywhere");
        }
        if (nodes.isEmpty()) {
            return new Judged(
                    true, Reason.NothingSelected, "no scheduled pod or node is selected: there is nothing to do");
        }
        if (!pending.isEmpty() || !result.attach()) {
            return new Judged(false, Reason.NodesPending, pendingMessage(pending));
        }
        if (!outdated.isEmpty()) {
            return new Judged(
                    false,
                    Reason.AgentTooOld,
                    "the agents of %d of %d nodes do not know probes: %s"
                            .formatted(outdated.size(), nodes.size(), Judgement.names(outdated)));
        }
        if (!stopped.isEmpty()) {
            String first = ((ProbeNode.Stopped) nodes.get(stopped.getFirst()))
                    .probes()
                    .getFirst()
                    .getMessage();
            return new Judged(
                    false,
                    Reason.OverBudget,
                    "stopped on %d of %d nodes: %s: %s"
                            .formatted(stopped.size(), nodes.size(), Judgement.names(stopped), first));
        }
        return new Judged(
                true,
                Reason.Programmed,
                nodes.size() == 1 ? "attached on 1 node" : "attached on all " + nodes.size() + " nodes");
    }

    private String pendingMessage(List<String> pending) {
        List<String> absent = pending.stream()
                .filter(node -> !((ProbeNode.Pending) nodes.get(node)).connected())
                .toList();
        List<String> waiting =
                pending.stream().filter(node -> !absent.contains(node)).toList();
        String what = result.attach() ? "%d of %d nodes attached it" : "%d of %d nodes have checked its programs";
        return what.formatted(nodes.size() - pending.size(), nodes.size())
                + (waiting.isEmpty() ? "" : "; waiting for " + Judgement.names(waiting))
                + (absent.isEmpty() ? "" : "; no agent is connected on " + Judgement.names(absent));
    }

    /** Whether a node has answered, none that is there is yet to, and none refuses: then it may be attached. */
    boolean isChecked() {
        return nodes.values().stream().anyMatch(ProbeNode.Taken.class::isInstance)
                && nodes.values().stream()
                        .noneMatch(state -> state instanceof ProbeNode.Refused
                                || state instanceof ProbeNode.Pending pending && pending.connected());
    }

    /** Names of the nodes in a state. */
    List<String> in(Class<? extends ProbeNode> kind) {
        return nodes.keySet().stream()
                .filter(node -> kind.isInstance(nodes.get(node)))
                .toList();
    }
}
