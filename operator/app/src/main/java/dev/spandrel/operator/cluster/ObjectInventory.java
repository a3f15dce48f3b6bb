package dev.spandrel.operator.cluster;

import com.google.protobuf.ByteString;
import dev.spandrel.operator.desired.BpfObjects;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The BPF objects in ConfigMaps that carry the label; others are not looked at. */
public final class ObjectInventory implements BpfObjects, AutoCloseable {
    private static final long PAGE = 50;

    /** By namespace/name, then by key. */
    private final Map<String, Map<String, ByteString>> objects = new ConcurrentHashMap<>();

    private final SharedIndexInformer<ConfigMap> informer;
    private final Runnable onChange;

    /** @param onChange an object came, went or is another one */
    public ObjectInventory(KubernetesClient client, Runnable onChange) {
        this.onChange = onChange;
        this.informer = client.configMaps()
                .inAnyNamespace()
                .withLabel(LABEL, "true")
                .withLimit(PAGE)
                .runnableInformer(0)
                .itemStore(new Seen<>(ConfigMap::new))
                .exceptionHandler((_, _) -> true);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(ConfigMap map) {
                set(map);
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap map) {
                set(map);
            }

            @Override
            public void onDelete(ConfigMap map, boolean finalStateUnknown) {
                objects.remove(name(map));
                onChange.run();
            }
        });
    }

    private static String name(ConfigMap map) {
        return map.getMetadata().getNamespace() + "/" + map.getMetadata().getName();
    }

    private void set(ConfigMap map) {
        Map<String, ByteString> now = new HashMap<>();
        if (map.getBinaryData() != null) {
            map.getBinaryData()
                    .forEach((key, base64) ->
                            now.put(key, ByteString.copyFrom(Base64.getDecoder().decode(base64))));
        }
        if (!now.equals(objects.put(name(map), now))) {
            onChange.run();
        }
    }

    public CompletionStage<Void> start() {
        return informer.start();
    }

    @Override
    public Optional<ByteString> find(String namespace, String configMap, String key) {
        return Optional.ofNullable(
                objects.getOrDefault(namespace + "/" + configMap, Map.of()).get(key));
    }

    @Override
    public void close() {
        informer.close();
    }
}
