package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.Acknowledgement;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.Kernel;
import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.NodeStatus;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Rejection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * One node: what it is to do, what its agent acknowledged, and at most one push between the two. While a push is outstanding newer
 * targets replace each other; the acknowledgement lets the last one go.
 */
final class NodeQueue {
    private final LongSupplier clock;
    private Optional<NodeConfig> target = Optional.empty();
    private Optional<NodeConfig> acknowledged = Optional.empty();
    private Map<String, Rejection> rejected = Map.of();
    private Optional<Consumer<Push>> stream = Optional.empty();
    private Optional<Outstanding> outstanding = Optional.empty();
    private String announced = "";
    private Optional<Map<String, Long>> reportedLost = Optional.empty();
    private Map<String, Long> lost = Map.of();
    private Kernel kernel = Kernel.getDefaultInstance();
    private long disconnectedAt;
    private long pushes;

    private record Outstanding(String nonce, NodeConfig config) {}

    NodeQueue(LongSupplier clock) {
        this.clock = clock;
        this.disconnectedAt = clock.getAsLong();
    }

    synchronized void target(NodeConfig config) {
        target = Optional.of(config);
        push();
    }

    /** Returns the stream that this one replaces. */
    synchronized Optional<Consumer<Push>> connected(Hello hello, Consumer<Push> to) {
        Optional<Consumer<Push>> replaced = stream;
        stream = Optional.of(to);
        outstanding = Optional.empty();
        announced = hello.getHeldVersion();
        kernel = hello.getKernel();
        reportedLost = Optional.empty();
        if (acknowledged.filter(config -> config.getVersion().equals(announced)).isEmpty()) {
            acknowledged = Optional.empty();
            rejected = Map.of();
        }
        push();
        return replaced;
    }

    /** False if it answers nothing that is outstanding. */
    synchronized boolean acknowledged(Consumer<Push> from, Acknowledgement acknowledgement) {
        if (!isCurrent(from)
                || outstanding
                        .filter(push -> push.nonce().equals(acknowledgement.getNonce()))
                        .isEmpty()) {
            return false;
        }
        acknowledged = outstanding.map(Outstanding::config);
        outstanding = Optional.empty();
        rejected = acknowledgement.getRejectedList().stream()
                .collect(Collectors.toMap(Rejection::getWorkloadId, Function.identity(), (first, _) -> first));
        push();
        return true;
    }

    /** False if a newer stream had replaced it. */
    synchronized boolean disconnected(Consumer<Push> from) {
        if (!isCurrent(from)) {
            return false;
        }
        stream = Optional.empty();
        outstanding = Optional.empty();
        disconnectedAt = clock.getAsLong();
        return true;
    }

    /** True for the first report of a stream: it is made known at once. */
    synchronized boolean reported(Consumer<Push> from, NodeStatus status) {
        if (!isCurrent(from)) {
            return false;
        }
        boolean first = reportedLost.isEmpty();
        reportedLost = Optional.of(new TreeMap<>(status.getLostMap()));
        return first && publishLosses();
    }

    /** True if they have changed. */
    synchronized boolean publishLosses() {
        Map<String, Long> before = lost;
        lost = reportedLost.orElse(before);
        return !lost.equals(before);
    }

    synchronized NodeProgress progress() {
        return new NodeProgress(
                acknowledged,
                rejected,
                lost,
                stream.isPresent() ? Optional.empty() : Optional.of(clock.getAsLong() - disconnectedAt),
                kernel);
    }

    private boolean isCurrent(Consumer<Push> from) {
        return stream.filter(current -> current == from).isPresent();
    }

    private void push() {
        if (stream.isEmpty() || outstanding.isPresent() || target.isEmpty()) {
            return;
        }
        NodeConfig next = target.get();
        if (acknowledged.isEmpty() && next.getVersion().equals(announced)) {
            acknowledged = target; // it came with this from its disk, or from another replica
        }
        if (acknowledged
                .filter(config -> config.getVersion().equals(next.getVersion()))
                .isPresent()) {
            return;
        }
        String nonce = Long.toString(++pushes);
        outstanding = Optional.of(new Outstanding(nonce, next));
        Push push = acknowledged.map(held -> Delta.between(held, next)).orElseGet(() -> Delta.full(next));
        stream.get().accept(push.toBuilder().setNonce(nonce).build());
    }
}
