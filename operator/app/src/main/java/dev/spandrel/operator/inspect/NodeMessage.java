package dev.spandrel.operator.inspect;

import dev.spandrel.contract.v1.Capability;
import dev.spandrel.contract.v1.Nack;
import dev.spandrel.contract.v1.Node;
import dev.spandrel.contract.v1.NodeList;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.operator.push.NodeView;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.NodeTarget;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Nodes in the contract's terms. Pure. */
final class NodeMessage {
    private NodeMessage() {}

    /** Those that an agent has come from, and those that have something to do. */
    static NodeList list(Compilation compilation, List<NodeView> views, Instant now) {
        SortedMap<String, Node> nodes = new TreeMap<>();
        for (Map.Entry<String, NodeTarget> node : compilation.nodes().entrySet()) {
            if (node.getValue().workloads().size() > 0) {
                nodes.put(
                        node.getKey(),
                        Node.newBuilder()
                                .setName(node.getKey())
                                .setTargetVersion(node.getValue().version())
                                .setPods(node.getValue().workloads().size())
                                .build());
            }
        }
        views.forEach(view -> nodes.put(view.node(), of(view, now)));
        return NodeList.newBuilder().addAllNodes(nodes.values()).build();
    }

    static Node of(NodeView view, Instant now) {
        Node.Builder node = Node.newBuilder()
                .setName(view.node())
                .setAgentVersion(view.hello().getAgentVersion())
                .setKernelRelease(view.hello().getKernel().getRelease())
                .setMachine(view.hello().getKernel().getMachine())
                .setBackend(view.hello().getKernel().getBackend())
                .setUnsupported(view.hello().getKernel().getReason())
                .setHeldVersion(view.held())
                .setTargetVersion(view.target())
                .setGeneration(view.status().getGeneration())
                .setProgramsAttached(view.status().getProgramsAttached())
                .setPods(view.pods())
                .addAllDrifted(view.status().getDriftedList());
        view.hello().getKernel().getFindingsList().stream()
                .filter(finding -> !finding.getLevel().equals("OK"))
                .forEach(node::addFindings);
        view.status().getLostMap().forEach((reason, count) -> {
            if (count > 0) {
                node.putLost(reason, count);
            }
        });
        view.connectedNanos().ifPresent(nanos -> {
            node.setConnectedSince(time(now, nanos));
            for (Capability capability : Capability.values()) {
                if (isMissing(capability, view)) {
                    node.addLacks(capability.name().replace("CAPABILITY_", ""));
                }
            }
        });
        view.lastNack().ifPresent(nack -> node.setLastNack(nack(nack, now)));
        return node.build();
    }

    private static boolean isMissing(Capability capability, NodeView view) {
        return capability != Capability.CAPABILITY_UNSPECIFIED
                && capability != Capability.UNRECOGNIZED
                && !view.hello().getCapabilitiesList().contains(capability);
    }

    private static Nack nack(NodeView.Nack nack, Instant now) {
        Rejection first = nack.rejected().getFirst();
        return Nack.newBuilder()
                .setAt(time(now, nack.nanosAgo()))
                .setRejected(nack.rejected().size())
                .setWorkloadId(first.getWorkloadId())
                .setReason(first.getReason())
                .setMessage(first.getMessage())
                .build();
    }

    private static String time(Instant now, long nanosAgo) {
        return now.minusNanos(nanosAgo).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
