package dev.spandrel.operator.cluster;

import dev.spandrel.operator.desired.Workloads;
import dev.spandrel.policy.Inventory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** All scheduled, unfinished pods of the cluster, as inventory entries. The list comes in pages, and of a pod is kept what matters. */
public final class PodInventory implements Workloads, AutoCloseable {
    private static final long PAGE = 500;

    private final Map<String, Inventory.Entry> entries = new ConcurrentHashMap<>();
    private final Seen<Pod> names = new Seen<>(PodInventory::blank);
    private final SharedIndexInformer<Pod> informer;
    private final Consumer<String> onChange;

    /** @param onChange told the id of a workload that came, changed or went */
    public PodInventory(KubernetesClient client, Consumer<String> onChange) {
        this.onChange = onChange;
        this.informer = client.pods()
                .inAnyNamespace()
                .withLimit(PAGE)
                .runnableInformer(0)
                .itemStore(names)
                .removeNamespaceIndex() // nobody asks by it, and it remembers each pod's name once more
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

    @Override
    public Set<String> ids() {
        return Set.copyOf(entries.keySet());
    }

    @Override
    public Optional<Inventory.Entry> get(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    public PodLookup find(String namespace, String name) {
        Pod pod = names.get(Cache.namespaceKeyFunc(namespace, name));
        if (pod == null) {
            return new PodLookup.Unknown(names.in(namespace));
        }
        Inventory.Entry entry = entries.get(id(pod));
        return entry == null
                ? new PodLookup.NotOnANode()
                : new PodLookup.OnANode(pod.getMetadata().getUid(), entry);
    }

    private void set(Pod pod) {
        change(pod, Pods.live(pod));
    }

    private void change(Pod pod, Optional<? extends Inventory.Entry> entry) {
        String id = id(pod);
        Optional<Inventory.Entry> before = Optional.ofNullable(
                entry.isPresent() ? entries.put(entry.get().id(), entry.get()) : entries.remove(id));
        if (!before.equals(entry)) {
            onChange.accept(entry.map(Inventory.Entry::id).orElse(id));
        }
    }

    private static Pod blank() {
        Pod pod = new Pod();
        pod.setAdditionalProperties(Map.of());
        return pod;
    }

    private static String id(Pod pod) {
        return dev.spandrel.policy.Pod.id(pod.getMetadata().getUid());
    }

    @Override
    public void close() {
        informer.close();
    }
}
