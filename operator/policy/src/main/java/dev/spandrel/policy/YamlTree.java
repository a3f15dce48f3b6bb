package dev.spandrel.policy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One YAML document as maps, lists and scalars, with the line of every path. A field whose value is null counts as absent, as for kubectl. */
final class YamlTree {
    private static final int MAX_DEPTH = 32;

    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final @Nullable Object root;

    YamlTree(Node document) {
        lines.put("", line(document));
        root = value("", document, 0);
    }

    @Nullable
    Object root() {
        return root;
    }

    /** Keys that are there twice, aliases into themselves. */
    List<Problem> problems() {
        return problems;
    }

    /** Line of the path, or of the nearest one around it. */
    int line(String path) {
        Integer line = lines.get(path);
        if (line != null) {
            return line;
        }
        int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return line(end < 0 ? "" : path.substring(0, end));
    }

    private @Nullable Object value(String path, Node node, int depth) {
        if (depth > MAX_DEPTH) {
            problems.add(new Problem(path, "is nested too deeply"));
            return null;
        }
        return switch (node) {
            case MappingNode mapping -> mapping(path, mapping, depth);
            case SequenceNode sequence -> {
                List<@Nullable Object> elements = new ArrayList<>();
                for (Node element : sequence.getValue()) {
                    String at = path + "[" + elements.size() + "]";
                    lines.putIfAbsent(at, line(element));
                    elements.add(value(at, element, depth + 1));
                }
                yield elements;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> null;
        };
    }

    private Map<String, Object> mapping(String path, MappingNode mapping, int depth) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
            String at = path.isEmpty() ? name : path + "." + name;
            if (lines.putIfAbsent(at, line(tuple.getKeyNode())) != null) {
                problems.add(new Problem(at, "is there twice"));
            }
            Object value = value(at, tuple.getValueNode(), depth + 1);
            if (value != null) {
                fields.put(name, value);
            }
        }
        return fields;
    }

    private static @Nullable Object scalar(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        String text = scalar.getValue();
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return number(text);
        }
        return text;
    }

    private static Object number(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            boolean whole = number.precision() < 40
                    && number.scale() > -40
                    && number.scale() < 400
                    && number.stripTrailingZeros().scale() <= 0;
            return whole && number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
                    ? (Object) number.intValueExact()
                    : number;
        } catch (NumberFormatException e) {
            return text; // .inf, .nan, 0x1f: no number of this schema
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
