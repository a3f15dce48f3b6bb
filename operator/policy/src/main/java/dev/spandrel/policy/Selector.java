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
        // Loops, and no streams: this is asked for each of a hundred thousand pods when one policy changes.
        if (selector.matchLabels() != null) {
            for (Map.Entry<String, String> wanted : selector.matchLabels().entrySet()) {
                if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                    return false;
                }
            }
        }
        if (selector.matchExpressions() != null) {
            for (Requirement requirement : selector.matchExpressions()) {
                if (!holds(requirement, labels)) {
                    return false;
                }
            }
        }
        return true;
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
