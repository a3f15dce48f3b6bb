package dev.spandrel.cli;

import java.util.List;
import java.util.Map;

/** Trees as YAML: text is always in quotes, so that no version of YAML takes it for anything else. */
final class Yaml {
    private Yaml() {}

    static String of(Map<String, Object> tree) {
        StringBuilder yaml = new StringBuilder();
        map(tree, "", "", yaml);
        return yaml.toString();
    }

    /** @param first what stands before the first key: a list's dash, or the indent */
    private static void map(Map<?, ?> map, String first, String indent, StringBuilder yaml) {
        String before = first;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            yaml.append(before).append(entry.getKey()).append(':');
            before = indent;
            switch (entry.getValue()) {
                case Map<?, ?> child
                when !child.isEmpty() -> {
                    yaml.append('\n');
                    map(child, indent + "  ", indent + "  ", yaml);
                }
                case List<?> child
                when !child.isEmpty() -> {
                    yaml.append('\n');
                    list(child, indent, yaml);
                }
                default -> yaml.append(' ').append(scalar(entry.getValue())).append('\n');
            }
        }
    }

    private static void list(List<?> list, String indent, StringBuilder yaml) {
        for (Object element : list) {
            if (element instanceof Map<?, ?> map && !map.isEmpty()) {
                map(map, indent + "- ", indent + "  ", yaml);
            } else {
                yaml.append(indent).append("- ").append(scalar(element)).append('\n');
            }
        }
    }

    private static String scalar(Object value) {
        return switch (value) {
            case String text -> Json.quoted(text);
            case Map<?, ?> _ -> "{}";
            case List<?> _ -> "[]";
            default -> value.toString();
        };
    }
}
