package dev.spandrel.probe.live.show;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as JSON: maps and lists of them, numbers, booleans; all else is a string. */
final class Json {
    private Json() {}

    static String of(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(e -> text(e.getKey().toString()) + ": " + of(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list ->
                // As bpftrace separates them: values, and objects.
                list.stream()
                        .map(Json::of)
                        .collect(Collectors.joining(
                                !list.isEmpty() && list.getFirst() instanceof Map ? ", " : ",", "[", "]"));
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> text(value.toString());
        };
    }

    static String text(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(c < ' ' ? "\\u%04x".formatted((int) c) : Character.toString(c));
            }
        }
        return quoted.append('"').toString();
    }
}
