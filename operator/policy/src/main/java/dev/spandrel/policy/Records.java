package dev.spandrel.policy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of the API to trees of maps, lists and scalars and back. Null components are absent fields. */
final class Records {
    private Records() {}

    static Object toTree(Object value) {
        return switch (value) {
            case Record record -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    Object field = get(record, component);
                    if (field != null) {
                        fields.put(component.getName(), toTree(field));
                    }
                }
                yield fields;
            }
            case List<?> list -> {
                List<Object> elements = new ArrayList<>(); // may hold null: an element that was not understood
                list.forEach(element -> elements.add(element == null ? null : toTree(element)));
                yield elements;
            }
            case Enum<?> constant -> constant.name();
            case Double number -> BigDecimal.valueOf(number);
            default -> value;
        };
    }

    /** Of a tree that the schema has accepted. */
    static <R> R fromTree(Class<R> type, Object tree) {
        return type.cast(convert(type, tree));
    }

    private static @Nullable Object convert(Type type, @Nullable Object tree) {
        return switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class ->
                ((List<?>) tree)
                        .stream()
                                .map(element -> convert(list.getActualTypeArguments()[0], element))
                                .toList();
            case Class<?> record when record.isRecord() -> construct(record, (Map<?, ?>) tree);
            case Class<?> constants
            when constants.isEnum() ->
                Arrays.stream(constants.getEnumConstants())
                        .filter(constant -> constant.toString().equals(tree))
                        .findFirst()
                        .orElseThrow();
            case Class<?> number when number == Double.class -> ((Number) tree).doubleValue();
            default -> tree;
        };
    }

    private static Object construct(Class<?> type, Map<?, ?> fields) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> fields.containsKey(component.getName())
                        ? convert(component.getGenericType(), fields.get(component.getName()))
                        : null)
                .toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made from " + fields, e);
        }
    }

    private static @Nullable Object get(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
