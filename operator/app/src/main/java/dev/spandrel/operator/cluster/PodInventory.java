package dev.spandrel.operator.cluster;

import dev.spandrel.policy.Inventory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** All scheduled, unfinished pods of the cluster, as inventory entries. */
public final class PodInventory implements AutoCloseable {
    private final Map<String, Inventory.Entry> entries = new ConcurrentHashMap<>();
    private final PodNames names = new PodNames();
    private final SharedIndexInformer<Pod> informer;
    private final Runnable onChange;

    public PodInventory(KubernetesClient client, Runnable onChange) {
        this.onChange = onChange;
        this.informer = client.pods()
                .inAnyNamespace()
                .runnableInformer(0)
                .itemStore(names)
                .exceptionHandler((_, _) -> true); // an API server that is away comes back: try again, for ever
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                set(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                set(pod);
            }

            @Override
            public void onDelete(Pod pod, boolean finalStateUnknown) {
                change(pod, Optional.empty());
            }
        });
    }

    /** Completes once all pods are there. */
    public CompletionStage<Void> start() {
        return informer.start();
    }

    public boolean isWatching() {
        return informer.isWatching();
    }

    public Inventory current() {
        return new Inventory(entries.values().stream().toList());
    }

    public PodLookup find(String namespace, String name) {
        Pod pod = names.get(Cache.namespaceKeyFunc(namespace, name));
        if (pod == null) {
            return new PodLookup.Unknown(names.in(namespace));
        }
        Inventory.Entry entry = entries.get(pod.getMetadata().getUid());
        return entry == null
                ? new PodLookup.NotOnANode()
                : new PodLookup.OnANode(pod.getMetadata().getUid(), entry);
    }

    private void set(Pod pod) {
        change(pod, Pods.live(pod).map(dev.spandrel.policy.Pod::entry));
    }

    private void change(Pod pod, Optional<Inventory.Entry> entry) {
        String uid = pod.getMetadata().getUid();
        Optional<Inventory.Entry> before =
                Optional.ofNullable(entry.isPresent() ? entries.put(uid, entry.get()) : entries.remove(uid));
        if (!before.equals(entry)) {
            onChange.run();
        }
    }

    @Override
    public void close() {
        informer.close();
    }
}
