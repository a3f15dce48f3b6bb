package dev.spandrel.policy;

import dev.spandrel.contract.v1.NodeConfig;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A node config that is not spelled out.
 *
 * @param version a hash of its content, see {@link NodeConfig}
 * @param workloads for which something is traced, by id
 */
public record NodeTarget(String version, List<PlannedWorkload> workloads, NodeProbes probes) {
    public static final NodeTarget NOTHING = of(List.of());

    public NodeTarget {
        workloads = List.copyOf(workloads);
    }

    public static NodeTarget of(Collection<PlannedWorkload> workloads) {
        return ofSorted(workloads.stream()
                .sorted(Comparator.comparing(PlannedWorkload::id))
                .toList());
    }

    /** @param byId in the order of their ids */
    static NodeTarget ofSorted(Collection<PlannedWorkload> byId) {
        ByteBuffer digests = ByteBuffer.allocate(2 * Digest.BYTES * byId.size());
        for (PlannedWorkload workload : byId) {
            workload.known().appendTo(digests);
            workload.plan().digest().appendTo(digests);
        }
        return new NodeTarget(Digest.of(digests.flip()).hex(), List.copyOf(byId), NodeProbes.NONE);
    }

    /**
     * One without probes, with these.
     *
     * @param earlier is returned if it is from the very same
     */
    @SuppressWarnings("ReferenceEquality") // equal ones that are not the same are made again
    NodeTarget with(NodeProbes added, NodeTarget earlier) {
        if (earlier.workloads == workloads && earlier.probes == added) {
            return earlier;
        }
        NodeConfig both = NodeConfig.newBuilder()
                .setVersion(version)
                .addAllProbeSets(added.sets())
                .addAllProbed(added.probed())
                .build();
        return new NodeTarget(Digest.of(both).hex(), workloads, added);
    }

    /** Of which nothing but the version is known. */
    public static NodeTarget ofVersion(String version) {
        return new NodeTarget(version, List.of(), NodeProbes.NONE);
    }

    /** The one with this id, if something is traced for it. */
    public Optional<PlannedWorkload> workload(String id) {
        int at = search(workloads, id);
        return at < 0 ? Optional.empty() : Optional.of(workloads.get(at));
    }

    /** Where the one with the id is in a list that is in the order of ids, or {@code -1 -} where it would be. */
    static int search(List<PlannedWorkload> byId, String id) {
        int from = 0;
        int to = byId.size() - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = byId.get(middle).id().compareTo(id);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return -1 - from;
    }

    /** That select a workload of the node. */
    public Set<Policy.Key> policies() {
        return workloads.stream()
                .flatMap(workload -> workload.policies().stream())
                .collect(Collectors.toSet());
    }

    public NodeConfig config() {
        return NodeConfig.newBuilder()
                .setVersion(version)
                .addAllWorkloads(
                        workloads.stream().map(PlannedWorkload::message).toList())
                .addAllProbeSets(probes.sets())
                .addAllProbed(probes.probed())
                .build();
    }
}
