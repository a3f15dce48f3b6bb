package dev.spandrel.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Trees as JSON, two spaces per level. */
final class Json {
    private Json() {}

    static String of(Object tree) {
        return text(tree, "\n") + "\n";
    }

    private static String text(Object tree, String newLine) {
        return switch (tree) {
            case Map<?, ?> map when map.isEmpty() -> "{}";
            case List<?> list when list.isEmpty() -> "[]";
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> newLine + "  " + quoted(entry.getKey().toString()) + ": "
                                + text(entry.getValue(), newLine + "  "))
                        .collect(Collectors.joining(",", "{", newLine + "}"));
            case List<?> list ->
                list.stream()
                        .map(element -> newLine + "  " + text(element, newLine + "  "))
                        .collect(Collectors.joining(",", "[", newLine + "]"));
            case String text -> quoted(text);
            default -> tree.toString();
        };
    }

    /** In double quotes, as in YAML. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(character -> {
            switch (character) {
                case '"', '\\' -> quoted.append('\\').append((char) character);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (character < ' ' || character == 0x7f) {
                        quoted.append("\\u%04x".formatted(character));
                    } else {
                        quoted.append((char) character);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
