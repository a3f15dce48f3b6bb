package dev.spandrel.operator.cluster;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the informer itself has to remember of a pod: which one, and which version of it. The inventory keeps the rest that matters. */
final class PodNames implements ItemStore<Pod> {
    private final Map<String, Version> pods = new ConcurrentHashMap<>();

    /** A whole object for each of a hundred thousand pods would be more than all the rest. */
    private record Version(String uid, String resourceVersion) {
        static Version of(Pod pod) {
            return new Version(pod.getMetadata().getUid(), pod.getMetadata().getResourceVersion());
        }

        Pod of(String key) {
            int slash = key.indexOf('/');
            return new PodBuilder()
                    .withMetadata(new ObjectMetaBuilder()
                            .withNamespace(key.substring(0, slash))
                            .withName(key.substring(slash + 1))
                            .withUid(uid)
                            .withResourceVersion(resourceVersion)
                            .build())
                    .build();
        }
    }

    @Override
    public String getKey(Pod pod) {
        return Cache.metaNamespaceKeyFunc(pod);
    }

    @Override
    public Pod put(String key, Pod pod) {
        return of(key, pods.put(key, Version.of(pod)));
    }

    @Override
    public Pod remove(String key) {
        return of(key, pods.remove(key));
    }

    private static @Nullable Pod of(String key, @Nullable Version version) {
        return version == null ? null : version.of(key);
    }

    /** Names of the pods of a Kubernetes namespace. */
    List<String> in(String namespace) {
        String prefix = namespace + "/";
        return pods.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .sorted()
                .toList();
    }

    @Override
    public Stream<String> keySet() {
        return pods.keySet().stream();
    }

    @Override
    public Stream<Pod> values() {
        return pods.entrySet().stream().map(pod -> pod.getValue().of(pod.getKey()));
    }

    @Override
    public int size() {
        return pods.size();
    }

    @Override
    public Pod get(String key) {
        return of(key, pods.get(key));
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
