package dev.spandrel.cli;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A message as maps, lists and scalars: the form of {@code -o json} and {@code -o yaml}. Fields that are not set are there, but for messages. */
final class Tree {
    private Tree() {}

    static Map<String, Object> of(Message message) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isMapField()) {
                tree.put(field.getJsonName(), map((List<?>) message.getField(field)));
            } else if (field.isRepeated()) {
                tree.put(
                        field.getJsonName(),
                        ((List<?>) message.getField(field))
                                .stream().map(Tree::value).toList());
            } else if (!field.hasPresence() || message.hasField(field)) {
                tree.put(field.getJsonName(), value(message.getField(field)));
            }
        }
        return tree;
    }

    private static Map<String, Object> map(List<?> entries) {
        Map<String, Object> map = new TreeMap<>();
        for (Object entry : entries) {
            MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
            map.put(pair.getKey().toString(), value(pair.getValue()));
        }
        return map;
    }

    private static Object value(Object value) {
        return switch (value) {
            case Message message -> of(message);
            case EnumValueDescriptor constant -> word(constant);
            default -> value;
        };
    }

    /** As Kubernetes spells constants: AGREEMENT_IN_FORCE of Agreement is InForce. */
    private static String word(EnumValueDescriptor constant) {
        String prefix = constant.getType()
                .getName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toUpperCase(Locale.ROOT);
        StringBuilder word = new StringBuilder();
        for (String part : constant.getName().substring(prefix.length() + 1).split("_", -1)) {
            word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }
}
