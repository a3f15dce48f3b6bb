package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.NodeStatus;
import dev.spandrel.contract.v1.Rejection;
import java.util.List;
import java.util.Optional;

/**
 * One node as people look at it.
 *
 * @param hello of the agent that is or was connected
 * @param status as that agent reported last
 * @param connectedNanos how long an agent has been connected; absent while none is
 * @param held version of the node config that the agent acknowledged last, or announced
 * @param target version of the one it is to have; empty before the first compilation
 * @param pods for which there is something to do
 */
public record NodeView(
        String node,
        Hello hello,
        NodeStatus status,
        Optional<Long> connectedNanos,
        String held,
        String target,
        int pods,
        Optional<Nack> lastNack) {

    /** An acknowledgement that named rejected workloads, and how long ago it came. */
    public record Nack(long nanosAgo, List<Rejection> rejected) {
        public Nack {
            rejected = List.copyOf(rejected);
        }
    }
}
