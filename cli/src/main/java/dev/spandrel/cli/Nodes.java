package dev.spandrel.cli;

import dev.spandrel.contract.v1.ListNodesRequest;
import dev.spandrel.contract.v1.Node;
import dev.spandrel.contract.v1.NodeList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "nodes",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = {
            "The nodes: since when the agent is connected, its kernel and backend, the version of the configuration it",
            "holds, whether programs are attached, what was lost by reason, and what it rejected last."
        })
final class Nodes implements Callable<Integer> {
    @Mixin
    private Format format;

    @Mixin
    private Connection connection;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Replicas replicas = connection.open()) {
            NodeList nodes = Merge.nodes(replicas.ask(stub -> stub.listNodes(ListNodesRequest.getDefaultInstance())));
            spec.commandLine().getOut().print(format.of(nodes, NodesText::of));
            return exit(nodes).code();
        }
    }

    static Exit exit(NodeList nodes) {
        return nodes.getNodesList().stream().allMatch(Nodes::isFine) ? Exit.FINE : Exit.NOT_FINE;
    }

    private static boolean isFine(Node node) {
        return !node.getConnectedSince().isEmpty()
                && !node.getBackend().isEmpty()
                && node.getHeldVersion().equals(node.getTargetVersion());
    }
}
