package dev.spandrel.operator.inspect;

import dev.spandrel.contract.v1.Agreement;
import dev.spandrel.contract.v1.ExplainedCgroup;
import dev.spandrel.contract.v1.Explanation;
import dev.spandrel.contract.v1.HeldCgroup;
import dev.spandrel.contract.v1.HeldField;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.Node;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.operator.push.Answer;
import dev.spandrel.policy.ConfigText;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Does the kernel hold what was compiled? Pure. */
final class Agreements {
    private static final String GENERATION = "generation";
    private static final String BYTES = "bytes";
    private static final String ASK_AGAIN = "ask again in a moment";

    private Agreements() {}

    /** @param explanation its node is set; agreement, reason, advice and cgroups are added */
    static void judge(
            Optional<TraceConfig> compiled,
            @Nullable Rejection rejection,
            Answer answer,
            Explanation.Builder explanation) {
        switch (answer) {
            case Answer.None(var reason) -> unknown(reason, explanation);
            case Answer.Values(var held) -> judge(compiled, rejection, held, explanation);
        }
    }

    private static void unknown(Answer.Reason reason, Explanation.Builder explanation) {
        Node node = explanation.getNode();
        String agent = "the agent of node " + node.getName();
        switch (reason) {
            case NOT_CONNECTED ->
                say(
                        explanation,
                        Agreement.AGREEMENT_UNKNOWN,
                        "no agent of node " + node.getName() + " is connected",
                        "look at it: kubectl get pods -A -o wide -l app.kubernetes.io/name=spandrel-agent --field-selector spec.nodeName="
                                + node.getName() + "; what it wrote last stays in force meanwhile");
            case TOO_OLD ->
                say(
                        explanation,
                        Agreement.AGREEMENT_UNKNOWN,
                        agent + " (version " + node.getAgentVersion() + ") does not know how to read its kernel back",
                        "update the agent");
            case BUSY -> say(explanation, Agreement.AGREEMENT_UNKNOWN, agent + " is asked too much at once", ASK_AGAIN);
            case LEFT -> say(explanation, Agreement.AGREEMENT_UNKNOWN, agent + " left before it answered", ASK_AGAIN);
            case LATE ->
                say(
                        explanation,
                        Agreement.AGREEMENT_UNKNOWN,
                        agent + " did not answer within 3 s",
                        ASK_AGAIN + "; if it stays so, look at the agent's log");
        }
    }

    private static void judge(
            Optional<TraceConfig> compiled,
            @Nullable Rejection rejection,
            HeldValues held,
            Explanation.Builder explanation) {
        if (!held.getProblem().isEmpty()) {
            say(
                    explanation,
                    Agreement.AGREEMENT_UNKNOWN,
                    "the agent could not read its kernel: " + held.getProblem(),
                    "look at the agent's log");
            return;
        }
        held.getCgroupsList().forEach(cgroup -> explanation.addCgroups(cgroup(compiled, held, cgroup)));
        List<ExplainedCgroup> different = explanation.getCgroupsList().stream()
                .filter(cgroup -> cgroup.getDiffersCount() > 0)
                .toList();
        if (!different.isEmpty()) {
            differs(different, rejection, held, explanation);
        } else if (compiled.isPresent() && held.getCgroupsCount() == 0) {
            say(
                    explanation,
                    Agreement.AGREEMENT_UNKNOWN,
                    "the pod has no cgroup on its node",
                    "its containers have not started yet, or have ended: kubectl describe pod");
        } else {
            explanation.setAgreement(Agreement.AGREEMENT_AGREES);
        }
    }

    private static void differs(
            List<ExplainedCgroup> different,
            @Nullable Rejection rejection,
            HeldValues held,
            Explanation.Builder explanation) {
        Node node = explanation.getNode();
        if (rejection != null) {
            say(
                    explanation,
                    Agreement.AGREEMENT_DIFFERS,
                    "node " + node.getName() + " rejects it: " + rejection.getReason() + ": " + rejection.getMessage(),
                    "what the pod had before stays in force until its policies ask for something the node can do");
        } else if (!held.getVersion().equals(node.getTargetVersion())) {
            say(
                    explanation,
                    Agreement.AGREEMENT_DIFFERS,
                    "the agent runs by version " + held.getVersion() + ", and " + node.getTargetVersion()
                            + " is on its way",
                    ASK_AGAIN);
        } else {
            TreeSet<String> fields = new TreeSet<>();
            different.forEach(cgroup -> fields.addAll(cgroup.getDiffersList()));
            say(
                    explanation,
                    Agreement.AGREEMENT_DIFFERS,
                    "in %d of %d cgroups the kernel holds what this agent did not write: %s"
                            .formatted(different.size(), explanation.getCgroupsCount(), String.join(", ", fields)),
                    "somebody wrote to the map sp_config on node " + node.getName()
                            + "; its agent looks every few seconds and writes its own anew; ask again, and if it differs then too look for who writes");
        }
    }

    private static ExplainedCgroup cgroup(Optional<TraceConfig> compiled, HeldValues held, HeldCgroup cgroup) {
        ExplainedCgroup.Builder explained = ExplainedCgroup.newBuilder().setPath(cgroup.getPath());
        if (!cgroup.hasValue()) {
            compiled.ifPresent(
                    config -> explained.addAllDiffers(ConfigText.of(config).keySet()));
            return explained.build();
        }
        TraceConfig config = cgroup.getValue().getConfig();
        explained.setGeneration(cgroup.getValue().getGeneration());
        explained.setForeign(cgroup.getValue().getForeign());
        ConfigText.of(config)
                .forEach((path, value) ->
                        explained.addFields(HeldField.newBuilder().setPath(path).setValue(value)));
        explained.addAllDiffers(compiled.map(wanted -> ConfigText.differences(wanted, config))
                .orElseGet(() -> List.copyOf(ConfigText.of(config).keySet())));
        if (cgroup.getValue().getGeneration() != held.getGeneration()) {
            explained.addDiffers(GENERATION);
        }
        if (explained.getDiffersCount() == 0 && !explained.getForeign().isEmpty()) {
            explained.addDiffers(BYTES);
        }
        return explained.build();
    }

    private static void say(Explanation.Builder explanation, Agreement agreement, String reason, String advice) {
        explanation.setAgreement(agreement).setReason(reason).setAdvice(advice);
    }
}
