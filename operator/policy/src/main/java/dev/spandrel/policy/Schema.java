package dev.spandrel.policy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks a tree of maps, lists and scalars by a structural OpenAPI schema as the API server does: types, unknown and required
 * fields, sizes, enumerations, and the CEL rules by their Java twins. It finds all problems, not the first.
 */
final class Schema {
    private final Map<String, ?> root;

    Schema(Map<String, ?> root) {
        this.root = root;
    }

    List<Problem> check(String path, @Nullable Object value) {
        List<Problem> problems = new ArrayList<>();
        check(root, path, value, problems);
        return problems;
    }

    private static void check(Map<String, ?> schema, String path, @Nullable Object value, List<Problem> problems) {
        int before = problems.size();
        switch (string(schema, "type")) {
            case "object" -> object(schema, path, value, problems);
            case "array" -> array(schema, path, value, problems);
            case "boolean" -> expect(value instanceof Boolean, path, "must be true or false", value, problems);
            case "integer" -> expect(isWhole(value), path, "must be a whole number", value, problems);
            case "number" ->
                expect(
                        value instanceof Integer || value instanceof BigDecimal,
                        path,
                        "must be a number",
                        value,
                        problems);
            case "string" -> text(schema, path, value, problems);
            default -> throw new IllegalStateException("schema at " + path + " has no type");
        }
        if (problems.size() == before) {
            for (Map<String, ?> rule : maps(schema, "x-kubernetes-validations")) {
                if (!RuleTwins.of(string(rule, "rule")).test(value)) {
                    problems.add(new Problem(path, string(rule, "message")));
                }
            }
        }
    }

    /** One that is too large for an int breaks the field's rule. */
    private static boolean isWhole(@Nullable Object value) {
        return value instanceof Integer
                || (value instanceof BigDecimal number
                        && number.stripTrailingZeros().scale() <= 0);
    }

    private static void object(Map<String, ?> schema, String path, @Nullable Object value, List<Problem> problems) {
        if (!(value instanceof Map<?, ?> fields)) {
            expect(false, path, "must be a mapping", value, problems);
            return;
        }
        Map<String, Map<String, ?>> known = map(schema, "properties");
        Map<String, ?> additional = map(schema, "additionalProperties");
        fields.forEach((name, field) -> {
            String at = path.isEmpty() ? name.toString() : path + "." + name;
            Map<String, ?> of = known.get(name);
            if (of != null) {
                check(of, at, field, problems);
            } else if (!additional.isEmpty()) {
                check(additional, at, field, problems);
            } else {
                problems.add(new Problem(at, "unknown field" + Nearest.hint(name.toString(), known.keySet())));
            }
        });
        for (Object required : list(schema, "required")) {
            if (!fields.containsKey(required)) {
                problems.add(new Problem(path, required + " is required"));
            }
        }
        if (fields.size() > number(schema, "maxProperties")) {
            problems.add(new Problem(path, "must not have more than " + schema.get("maxProperties") + " entries"));
        }
    }

    private static void array(Map<String, ?> schema, String path, @Nullable Object value, List<Problem> problems) {
        if (!(value instanceof List<?> elements)) {
            expect(false, path, "must be a list", value, problems);
            return;
        }
        if (elements.size() > number(schema, "maxItems")) {
            problems.add(new Problem(path, "must not have more than " + schema.get("maxItems") + " entries"));
        }
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < elements.size(); i++) {
            String at = path + "[" + i + "]";
            check(map(schema, "items"), at, elements.get(i), problems);
            Optional<String> identity = identity(schema, elements.get(i));
            if (identity.filter(known -> !seen.add(known)).isPresent()) {
                problems.add(new Problem(at, "\"" + identity.get() + "\" is there twice"));
            }
        }
    }

    /** By what an element of a list is told from the others; empty where it may be there twice. */
    private static Optional<String> identity(Map<String, ?> schema, @Nullable Object element) {
        return switch (string(schema, "x-kubernetes-list-type")) {
            case "set" -> Optional.of(String.valueOf(element));
            case "map" ->
                element instanceof Map<?, ?> fields ? Optional.of(identity(schema, fields)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** An empty value is as good as none. */
    private static String identity(Map<String, ?> schema, Map<?, ?> fields) {
        return list(schema, "x-kubernetes-list-map-keys").stream()
                .filter(key -> fields.get(key) != null && !"".equals(fields.get(key)))
                .map(key -> key + ": " + fields.get(key))
                .collect(Collectors.joining(", "));
    }

    private static void text(Map<String, ?> schema, String path, @Nullable Object value, List<Problem> problems) {
        if (value == null) {
            problems.add(new Problem(path, "is empty, or a word that this version does not know"));
            return;
        }
        if (!(value instanceof String text)) {
            expect(false, path, "must be text (put it in quotes)", value, problems);
            return;
        }
        int length = text.codePointCount(0, text.length());
        Set<String> allowed =
                list(schema, "enum").stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
        if (!allowed.isEmpty() && !allowed.contains(text)) {
            problems.add(new Problem(path, "\"" + text + "\" is not known here" + Nearest.hint(text, allowed)));
        } else if (length > number(schema, "maxLength")) {
            problems.add(new Problem(path, "must not be longer than " + schema.get("maxLength") + " characters"));
        } else if (schema.get("minLength") instanceof Integer least && length < least) {
            problems.add(new Problem(path, "must not be empty"));
        }
    }

    private static void expect(
            boolean holds, String path, String reason, @Nullable Object found, List<Problem> problems) {
        if (!holds) {
            String but = switch (found) {
                case null -> "nothing";
                case Map<?, ?> _ -> "a mapping";
                case List<?> _ -> "a list";
                case String text -> "\"" + text + "\"";
                default -> found.toString();
            };
            problems.add(new Problem(path, reason + ", not " + but));
        }
    }

    private static String string(Map<String, ?> schema, String name) {
        return String.valueOf(schema.get(name));
    }

    private static int number(Map<String, ?> schema, String name) {
        return schema.get(name) instanceof Integer limit ? limit : Integer.MAX_VALUE;
    }

    private static List<?> list(Map<String, ?> schema, String name) {
        return schema.get(name) instanceof List<?> list ? list : List.of();
    }

    @SuppressWarnings("unchecked") // a CRD's schema has text keys only
    private static List<Map<String, ?>> maps(Map<String, ?> schema, String name) {
        return (List<Map<String, ?>>) list(schema, name);
    }

    @SuppressWarnings("unchecked") // likewise
    private static <V> Map<String, V> map(Map<String, ?> schema, String name) {
        return schema.get(name) instanceof Map<?, ?> map ? (Map<String, V>) map : Map.of();
    }
}
