package dev.spandrel.policy;

import dev.spandrel.crds.PodSelector;
import dev.spandrel.crds.PodSelector.Requirement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Label selection as in Kubernetes. */
final class Selector {
    private Selector() {}

    static boolean matches(@Nullable PodSelector selector, Map<String, String> labels) {
        if (selector == null) {
            return true;
        }
        return (selector.matchLabels() == null
                        || selector.matchLabels().entrySet().stream()
                                .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey()))))
                && (selector.matchExpressions() == null
                        || selector.matchExpressions().stream().allMatch(requirement -> holds(requirement, labels)));
    }

    /** As on kubectl's command line: {@code app=web,tier notin (db)}. */
    static String text(PodSelector selector) {
        Stream<String> labels = selector.matchLabels() == null
                ? Stream.empty()
                : new TreeMap<>(selector.matchLabels())
                        .entrySet().stream().map(label -> label.getKey() + "=" + label.getValue());
        Stream<String> expressions = selector.matchExpressions() == null
                ? Stream.empty()
                : selector.matchExpressions().stream().map(Selector::text);
        return Stream.concat(labels, expressions).collect(Collectors.joining(","));
    }

    private static String text(Requirement requirement) {
        return switch (requirement.operator()) {
            case In -> requirement.key() + " in (" + String.join(",", requirement.values()) + ")";
            case NotIn -> requirement.key() + " notin (" + String.join(",", requirement.values()) + ")";
            case Exists -> requirement.key();
            case DoesNotExist -> "!" + requirement.key();
        };
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
