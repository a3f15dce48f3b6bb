package dev.spandrel.operator.cluster;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/** Of an object whose content nobody remembers. Whatever {@link ObjectMeta} makes for what might be there is let go: it would be five times the rest. */
final class SeenMetadata extends ObjectMeta {
    private final transient Version version;

    /** @param namespace empty for none */
    SeenMetadata(String namespace, String name, Version version) {
        this.version = version;
        setNamespace(namespace.isEmpty() ? null : namespace);
        setName(name);
        setAnnotations(Map.of());
        setLabels(Map.of());
        setFinalizers(List.of());
        setOwnerReferences(List.of());
        setManagedFields(List.of());
        setAdditionalProperties(Map.of());
    }

    @Override
    public String getUid() {
        return version.uid();
    }

    @Override
    public String getResourceVersion() {
        return version.resourceVersion();
    }
}
