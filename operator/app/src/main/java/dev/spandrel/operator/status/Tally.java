package dev.spandrel.operator.status;

import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyResult;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One policy on the nodes that are connected here: what several replicas say can be added.
 *
 * @param lost by reason
 */
public record Tally(int programmed, int rejected, int drifted, SortedMap<String, Long> lost) {
    public static Tally of(
            Policy.Key policy, PolicyResult result, Compilation compilation, Function<String, NodeProgress> progress) {
        int programmed = 0;
        int rejected = 0;
        int drifted = 0;
        SortedMap<String, Long> lost = new TreeMap<>();
        for (var node : result.inForce().entrySet()) {
            NodeProgress report = progress.apply(node.getKey());
            if (report.disconnectedNanos().isPresent()) {
                continue;
            }
            NodeState state = NodeState.of(
                    policy,
                    compilation.node(node.getKey()),
                    node.getValue(),
                    report,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO);
            programmed += state instanceof NodeState.Programmed ? 1 : 0;
            rejected += state instanceof NodeState.Rejected ? 1 : 0;
            drifted += state instanceof NodeState.Drifted ? 1 : 0;
            for (Map.Entry<String, Long> loss : report.lost().entrySet()) {
                if (loss.getValue() > 0) {
                    lost.merge(loss.getKey(), loss.getValue(), Long::sum);
                }
            }
        }
        return new Tally(programmed, rejected, drifted, lost);
    }
}
