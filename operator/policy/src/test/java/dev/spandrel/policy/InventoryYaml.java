package dev.spandrel.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Inventories as tests write them: a list of pods, or of local workloads ({@code cgroup}). */
final class InventoryYaml {
    private InventoryYaml() {}

    static Inventory read(String yaml) {
        List<?> entries = (List<?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return new Inventory(
                entries.stream().map(entry -> entry((Map<?, ?>) entry)).toList());
    }

    private static Inventory.Entry entry(Map<?, ?> entry) {
        if (entry.containsKey("cgroup")) {
            return Inventory.Entry.local(
                    text(entry, "node"), text(entry, "cgroup"), texts(entry, "labels"), texts(entry, "attributes"));
        }
        Map<String, String> owner = texts(entry, "owner");
        return new Pod(
                text(entry, "namespace"),
                text(entry, "name"),
                Pod.id(text(entry, "uid")),
                text(entry, "node"),
                texts(entry, "labels"),
                texts(entry, "annotations"),
                owner.isEmpty() ? Optional.empty() : Optional.of(new Pod.Owner(owner.get("kind"), owner.get("name"))),
                texts(entry, "containers").entrySet().stream()
                        .map(container -> new Container(
                                container.getKey(),
                                Optional.of(container.getValue()).filter(id -> !id.isEmpty())))
                        .toList());
    }

    private static String text(Map<?, ?> entry, String name) {
        return (String) entry.get(name);
    }

    @SuppressWarnings("unchecked") // written so
    private static Map<String, String> texts(Map<?, ?> entry, String name) {
        return entry.get(name) instanceof Map<?, ?> map ? (Map<String, String>) map : Map.of();
    }
}
