package dev.spandrel.policy;

import java.util.List;
import java.util.Map;

/** What could be traced, and where. */
public record Inventory(List<Entry> entries) {
    public Inventory {
        entries = List.copyOf(entries);
    }

    /** One workload that runs on a node. */
    public sealed interface Entry permits Pod, Other {
        String id();

        String node();

        /** Empty without Kubernetes. */
        String namespace();

        Place place();

        Map<String, String> labels();

        /** OpenTelemetry resource attributes. */
        Map<String, String> attributes();

        /** Container id, without its runtime's prefix, to container name. */
        Map<String, String> containerNames();

        /** A cgroup of a host without Kubernetes. */
        static Entry local(String node, String cgroupPath, Map<String, String> labels, Map<String, String> attributes) {
            return new Other(
                    "cgroup" + cgroupPath, node, "", new Place.Cgroup(cgroupPath), labels, attributes, Map.of());
        }
    }

    /** That is no pod, or of which no more is known than this. */
    public record Other(
            String id,
            String node,
            String namespace,
            Place place,
            Map<String, String> labels,
            Map<String, String> attributes,
            Map<String, String> containerNames)
            implements Entry {
        public Other {
            labels = Map.copyOf(labels);
            attributes = Map.copyOf(attributes);
            containerNames = Map.copyOf(containerNames);
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
