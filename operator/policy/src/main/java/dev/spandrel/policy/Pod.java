package dev.spandrel.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What matters of a pod that is scheduled and not finished. */
public record Pod(
        String namespace,
        String name,
        String uid,
        String node,
        Map<String, String> labels,
        Map<String, String> annotations,
        Optional<Owner> owner,
        List<Container> containers) {
    public Pod {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        containers = List.copyOf(containers);
    }

    /** The controller in the owner references. */
    public record Owner(String kind, String name) {}

    /** A container of the pod; the id is absent until it runs. */
    public record Container(String name, Optional<String> id) {}

    /** Of its workload. */
    public static String id(String uid) {
        return "pod/" + uid;
    }

    public Inventory.Entry entry() {
        return new Inventory.Entry(
                id(uid),
                node,
                namespace,
                new Inventory.Place.PodUid(uid),
                labels,
                new PodAttributes(this),
                PodAttributes.containerNames(this));
    }
}
