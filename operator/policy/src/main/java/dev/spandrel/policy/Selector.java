package dev.spandrel.policy;

import dev.spandrel.crds.PodSelector;
import dev.spandrel.crds.PodSelector.Requirement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Label selection as in Kubernetes. */
final class Selector {
    private Selector() {}

    static boolean matches(@Nullable PodSelector selector, Map<String, String> labels) {
        if (selector == null) {
            return true;
        }
        return (selector.matchLabels() == null
                        || labels.entrySet().containsAll(selector.matchLabels().entrySet()))
                && (selector.matchExpressions() == null
                        || selector.matchExpressions().stream().allMatch(requirement -> holds(requirement, labels)));
    }

    private static boolean holds(Requirement requirement, Map<String, String> labels) {
        String value = labels.get(requirement.key());
        List<String> values = requirement.values() == null ? List.of() : requirement.values();
        return switch (requirement.operator()) {
            case In -> value != null && values.contains(value);
            case NotIn -> value == null || !values.contains(value);
            case Exists -> value != null;
            case DoesNotExist -> value == null;
        };
    }
}
