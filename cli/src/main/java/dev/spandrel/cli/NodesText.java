package dev.spandrel.cli;

import dev.spandrel.contract.v1.Node;
import dev.spandrel.contract.v1.NodeList;

/** Nodes for people. Pure. */
final class NodesText {
    private static final int SHORT = 8;

    private NodesText() {}

    static String of(NodeList nodes) {
        if (nodes.getNodesCount() == 0) {
            return "No agent has connected, and no policy is in force on any node.\n";
        }
        Table table = new Table()
                .row(
                        "NODE",
                        "CONNECTED SINCE",
                        "KERNEL",
                        "BACKEND",
                        "PODS",
                        "HOLDS",
                        "PROGRAMS",
                        "LOST",
                        "LAST REJECTION");
        for (Node node : nodes.getNodesList()) {
            table.row(
                    node.getName(),
                    node.getConnectedSince().isEmpty() ? "not connected" : node.getConnectedSince(),
                    or(node.getKernelRelease(), "–"),
                    backend(node),
                    Integer.toString(node.getPods()),
                    version(node) + drift(node),
                    node.getProgramsAttached() ? "attached" : "off",
                    StatusText.lost(node.getLostMap()),
                    nack(node));
        }
        return table.text();
    }

    /** The node in one line. */
    static String line(Node node) {
        if (node.getConnectedSince().isEmpty()) {
            return "node " + node.getName() + ": no agent is connected";
        }
        return "node %s: agent %s connected since %s, %s, Linux %s, %s"
                .formatted(
                        node.getName(),
                        or(node.getAgentVersion(), "of unknown version"),
                        node.getConnectedSince(),
                        node.getBackend().isEmpty()
                                ? "nothing can be traced (" + node.getUnsupported() + ")"
                                : "backend " + node.getBackend(),
                        or(node.getKernelRelease(), "?"),
                        node.getProgramsAttached() ? "programs attached" : "no programs attached");
    }

    private static String backend(Node node) {
        return node.getBackend().isEmpty()
                ? node.getUnsupported().isEmpty() ? "–" : "none: " + node.getUnsupported()
                : node.getBackend();
    }

    private static String version(Node node) {
        String held = node.getHeldVersion();
        if (held.isEmpty()) {
            return "–";
        }
        return held.substring(0, Math.min(SHORT, held.length()))
                + (held.equals(node.getTargetVersion()) ? "" : " (not the current one)");
    }

    private static String drift(Node node) {
        return node.getDriftedCount() == 0 ? "" : " (drifted: " + node.getDriftedCount() + ")";
    }

    private static String nack(Node node) {
        return node.hasLastNack()
                ? "%s: %s: %s: %s"
                        .formatted(
                                node.getLastNack().getAt(),
                                node.getLastNack().getWorkloadId(),
                                node.getLastNack().getReason(),
                                node.getLastNack().getMessage())
                : "–";
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }
}
