package dev.spandrel.cli;

import dev.spandrel.contract.v1.Conflict;
import dev.spandrel.contract.v1.ExplainedCgroup;
import dev.spandrel.contract.v1.ExplainedField;
import dev.spandrel.contract.v1.Explanation;
import dev.spandrel.contract.v1.HeldField;
import dev.spandrel.contract.v1.Level;
import dev.spandrel.contract.v1.SelectingPolicy;
import java.util.List;
import java.util.stream.Collectors;

/** An explanation for people. Pure. */
final class ExplainText {
    private static final String NONE = "–";

    private ExplainText() {}

    static String of(Explanation explanation) {
        StringBuilder text = new StringBuilder("pod %s/%s, uid %s\n\n"
                .formatted(explanation.getNamespace(), explanation.getPod(), explanation.getUid()));
        if (explanation.getPoliciesCount() == 0) {
            text.append("No policy selects it: nothing is traced.\n");
        } else {
            text.append(policies(explanation)).append('\n');
        }
        if (explanation.getProbeSetsCount() > 0) {
            text.append("Probe sets see it: %s\n\n".formatted(String.join(", ", explanation.getProbeSetsList())));
        }
        if (explanation.getFieldsCount() > 0) {
            text.append(fields(explanation)).append('\n');
        }
        text.append(NodesText.line(explanation.getNode())).append('\n');
        if (explanation.getCgroupsCount() > 0) {
            text.append(cgroups(explanation));
        }
        return text.append('\n').append(verdict(explanation)).toString();
    }

    private static String policies(Explanation explanation) {
        Table table = new Table().row("LEVEL", "POLICY", "GENERATION", "LAST SET BY", "STANDING");
        for (SelectingPolicy policy : explanation.getPoliciesList()) {
            table.row(
                    level(policy.getLevel()),
                    policy.getPolicy(),
                    Long.toString(policy.getGeneration()),
                    policy.getManager().isEmpty() ? NONE : policy.getManager(),
                    standing(policy));
        }
        return table.text();
    }

    private static String standing(SelectingPolicy policy) {
        String word = switch (policy.getStanding()) {
            case STANDING_IN_FORCE -> "in force";
            case STANDING_OVERRIDDEN -> "overridden in all it sets";
            case STANDING_EXPIRED -> "expired at " + policy.getExpiresAt();
            case STANDING_INVALID -> "invalid: " + String.join("; ", policy.getProblemsList());
            case STANDING_UNSPECIFIED, UNRECOGNIZED -> "unknown to this version";
        };
        String until =
                policy.getExpiresAt().isEmpty() || word.startsWith("expired") ? "" : ", until " + policy.getExpiresAt();
        return word
                + until
                + policy.getConflictsList().stream().map(ExplainText::conflict).collect(Collectors.joining());
    }

    private static String conflict(Conflict conflict) {
        return "; conflicted: the older %s wins on %s"
                .formatted(conflict.getWinner(), String.join(", ", conflict.getFieldsList()));
    }

    private static String fields(Explanation explanation) {
        Table table = new Table().row("FIELD", "COMPILED", "", "IN THE KERNEL", "FROM");
        for (ExplainedField field : explanation.getFieldsList()) {
            table.row(
                    field.getPath(),
                    field.getValue(),
                    differs(explanation, field.getPath()) ? "≠" : "",
                    held(explanation, field.getPath()),
                    from(field));
            if (!field.getNote().isEmpty()) {
                table.row("", "", "", "", "  " + field.getNote());
            }
            field.getOverriddenList()
                    .forEach(other -> table.row(
                            "",
                            "",
                            "",
                            "",
                            "  not %s of %s policy %s"
                                    .formatted(other.getValue(), level(other.getLevel()), other.getPolicy())));
        }
        return table.text();
    }

    private static boolean differs(Explanation explanation, String path) {
        return explanation.getCgroupsList().stream()
                .anyMatch(cgroup -> cgroup.getDiffersList().contains(path));
    }

    /** The distinct values of all cgroups; a cgroup without one holds nothing. */
    private static String held(Explanation explanation, String path) {
        if (explanation.getCgroupsCount() == 0) {
            return "?";
        }
        return explanation.getCgroupsList().stream()
                .map(cgroup -> cgroup.getFieldsList().stream()
                        .filter(field -> field.getPath().equals(path))
                        .map(HeldField::getValue)
                        .findFirst()
                        .orElse("nothing"))
                .distinct()
                .collect(Collectors.joining(" | "));
    }

    private static String from(ExplainedField field) {
        return field.getPolicy().isEmpty()
                ? "default"
                : "%s policy %s, generation %d"
                        .formatted(level(field.getLevel()), field.getPolicy(), field.getGeneration());
    }

    private static String cgroups(Explanation explanation) {
        Table table = new Table();
        for (ExplainedCgroup cgroup : explanation.getCgroupsList()) {
            table.row("  " + cgroup.getPath(), generation(cgroup), agreement(explanation, cgroup));
        }
        return table.text();
    }

    private static String generation(ExplainedCgroup cgroup) {
        return cgroup.getGeneration() == 0 ? "no value" : "generation " + cgroup.getGeneration();
    }

    private static String agreement(Explanation explanation, ExplainedCgroup cgroup) {
        List<String> differs = cgroup.getDiffersList();
        if (differs.isEmpty()) {
            return "agrees";
        }
        if (explanation.getFieldsCount() == 0) {
            return "differs: it should hold nothing";
        }
        return cgroup.getGeneration() == 0
                ? "differs: it should hold a value"
                : "differs in " + String.join(", ", differs)
                        + (cgroup.getForeign().isEmpty() ? "" : " (bytes " + cgroup.getForeign() + ")");
    }

    private static String verdict(Explanation explanation) {
        return switch (explanation.getAgreement()) {
            case AGREEMENT_AGREES ->
                explanation.getFieldsCount() == 0
                        ? "Agreed: nothing was compiled for it, and the kernel holds nothing.\n"
                        : "Agreed: the kernel holds what was compiled, in %s.\n"
                                .formatted(count(explanation.getCgroupsCount()));
            case AGREEMENT_DIFFERS ->
                "DIFFERENT: %s.\nWhat to do: %s.\n".formatted(explanation.getReason(), explanation.getAdvice());
            case AGREEMENT_UNKNOWN, AGREEMENT_UNSPECIFIED, UNRECOGNIZED ->
                "UNKNOWN what the kernel holds: %s.\nWhat to do: %s.\n"
                        .formatted(explanation.getReason(), explanation.getAdvice());
        };
    }

    private static String count(int cgroups) {
        return cgroups == 1 ? "its one cgroup" : "all " + cgroups + " cgroups";
    }

    private static String level(Level level) {
        return switch (level) {
            case LEVEL_POD -> "pod";
            case LEVEL_NAMESPACE -> "namespace";
            case LEVEL_ROOT_POD -> "root, by pod";
            case LEVEL_ROOT -> "root";
            case LEVEL_UNSPECIFIED, UNRECOGNIZED -> "?";
        };
    }
}
