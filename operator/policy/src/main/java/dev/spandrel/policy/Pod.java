package dev.spandrel.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What matters of a pod that is scheduled and not finished. Whatever follows from that is made when it is asked for: there may be a hundred thousand.
 *
 * @param id of its workload, see {@link #id(String)}
 */
public record Pod(
        String namespace,
        String name,
        String id,
        String node,
        Map<String, String> labels,
        Map<String, String> annotations,
        Optional<Owner> owner,
        List<Container> containers)
        implements Inventory.Entry {
    private static final String PREFIX = "pod/";

    public Pod {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        containers = List.copyOf(containers);
    }

    /** The controller in the owner references. */
    public record Owner(String kind, String name) {}

    /** Of the workload of the pod with this uid. */
    public static String id(String uid) {
        return PREFIX + uid;
    }

    public String uid() {
        return id.substring(PREFIX.length());
    }

    @Override
    public Inventory.Place place() {
        return new Inventory.Place.PodUid(uid());
    }

    @Override
    public Map<String, String> attributes() {
        return PodAttributes.of(this);
    }

    @Override
    public Map<String, String> containerNames() {
        Map<String, String> names = new TreeMap<>();
        containers.forEach(container -> container.id().ifPresent(id -> names.put(id, container.name())));
        return names;
    }
}
