package dev.spandrel.operator.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The labels of all nodes. */
public final class NodeInventory implements AutoCloseable {
    private static final long PAGE = 500;

    private final Map<String, Map<String, String>> labels = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Node> informer;
    private final Runnable onChange;

    /** @param onChange a node came, went or has other labels */
    public NodeInventory(KubernetesClient client, Runnable onChange) {
        this.onChange = onChange;
        this.informer = client.nodes()
                .withLimit(PAGE)
                .runnableInformer(0)
                .itemStore(new Seen<>(Node::new))
                .removeNamespaceIndex()
                .exceptionHandler((_, _) -> true);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Node node) {
                set(node);
            }

            @Override
            public void onUpdate(Node before, Node node) {
                set(node);
            }

            @Override
            public void onDelete(Node node, boolean finalStateUnknown) {
                labels.remove(node.getMetadata().getName());
                onChange.run();
            }
        });
    }

    private void set(Node node) {
        Map<String, String> now =
                Map.copyOf(Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()));
        if (!now.equals(labels.put(node.getMetadata().getName(), now))) {
            onChange.run();
        }
    }

    public CompletionStage<Void> start() {
        return informer.start();
    }

    public Map<String, Map<String, String>> labels() {
        return Map.copyOf(labels);
    }

    @Override
    public void close() {
        informer.close();
    }
}
