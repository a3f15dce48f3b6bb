package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FieldTest {
    /** Of a policy itself, and not inherited. */
    private static final Set<String> OWN = Set.of("podSelector", "expiresAfter");

    @Test
    void everyFieldOfTheSchemaIsInheritedOrThePolicysOwn() {
        List<String> paths = new ArrayList<>();
        leaves("", Crd.child(Crd.child(Crd.OBJECT, "properties"), "spec"), paths);
        assertThat(Field.ALL).extracting(Field::path).containsExactlyInAnyOrderElementsOf(paths);
    }

    private static void leaves(String path, Map<String, Object> schema, List<String> paths) {
        if (OWN.contains(path)) {
            return;
        }
        if (!schema.containsKey("properties")) {
            paths.add(path);
            return;
        }
        Map<String, Object> properties = Crd.child(schema, "properties");
        properties
                .keySet()
                .forEach(name -> leaves(path.isEmpty() ? name : path + "." + name, Crd.child(properties, name), paths));
    }
}
