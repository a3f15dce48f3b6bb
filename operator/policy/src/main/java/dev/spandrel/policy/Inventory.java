package dev.spandrel.policy;

import java.util.List;
import java.util.Map;

/** What could be traced, and where. */
public record Inventory(List<Entry> entries) {
    public Inventory {
        entries = List.copyOf(entries);
    }

    /**
     * One workload that runs on a node.
     *
     * @param attributes OpenTelemetry resource attributes
     * @param containers container id, without its runtime's prefix, to container name
     */
    public record Entry(
            String id,
            String node,
            String namespace,
            Place place,
            Map<String, String> labels,
            Map<String, String> attributes,
            Map<String, String> containers) {
        public Entry {
            labels = Map.copyOf(labels);
            attributes = attributes instanceof PodAttributes ? attributes : Map.copyOf(attributes);
            containers = Map.copyOf(containers);
        }

        /** A cgroup of a host without Kubernetes. */
        public static Entry local(
                String node, String cgroupPath, Map<String, String> labels, Map<String, String> attributes) {
            return new Entry(
                    "cgroup" + cgroupPath, node, "", new Place.Cgroup(cgroupPath), labels, attributes, Map.of());
        }
    }

    /** Where the workload's processes are. */
    public sealed interface Place {
        /** The cgroup that a kubelet made for this pod. */
        record PodUid(String uid) implements Place {}

        /** A path below the cgroup v2 mount. */
        record Cgroup(String path) implements Place {}
    }
}
