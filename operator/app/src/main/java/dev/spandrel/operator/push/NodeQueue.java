package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.Acknowledgement;
import dev.spandrel.contract.v1.Capability;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.NodeStatus;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Standby;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
    private Optional<NodeTarget> target = Optional.empty();
    private Optional<NodeTarget> acknowledged = Optional.empty();
    private Map<String, Rejection> rejected = Map.of();
    private Optional<Consumer<Push>> stream = Optional.empty();
    private Optional<Outstanding> outstanding = Optional.empty();
    private String announced = "";
    private Optional<Map<String, Long>> reportedLost = Optional.empty();
    private Map<String, Long> lost = Map.of();
    private final Questions questions = new Questions();
    private Hello hello = Hello.getDefaultInstance();
    private KnownFields known = KnownFields.ALL;
    private NodeStatus status = NodeStatus.getDefaultInstance();
    private Set<String> drifted = Set.of();
    private Optional<Nacked> nacked = Optional.empty();
    private long connectedAt;
    private long disconnectedAt;
    private long pushes;
    private boolean standby;
    /** While an agent is connected and nothing of it is another; thousands are asked for at a time. */
    private Optional<NodeProgress> progress = Optional.empty();

    private record Nacked(long at, List<Rejection> rejected) {}

    /** @param about policies because of which the agent is told something */
    private record Outstanding(String nonce, NodeTarget target, Set<Policy.Key> about) {}

    NodeQueue(LongSupplier clock) {
        this.clock = clock;
        this.disconnectedAt = clock.getAsLong();
    }

    synchronized void target(NodeTarget next) {
        target = Optional.of(next);
        push();
    }

    /** Whether policies may select what comes. */
    synchronized void standby(boolean loaded) {
        if (standby != loaded) {
            standby = loaded;
            tellStandby();
        }
    }

    private void tellStandby() {
        if (hello.getCapabilitiesList().contains(Capability.CAPABILITY_STANDBY)) {
            Push hint = Push.newBuilder()
                    .setStandby(Standby.newBuilder().setLoaded(standby))
                    .build();
            stream.ifPresent(to -> to.accept(hint));
        }
    }

    /** Returns the stream that this one replaces. */
    synchronized Optional<Consumer<Push>> connected(Hello hello, Consumer<Push> to) {
        progress = Optional.empty();
        Optional<Consumer<Push>> replaced = stream;
        stream = Optional.of(to);
        outstanding = Optional.empty();
        announced = hello.getHeldVersion();
        this.hello = hello;
        known = KnownFields.of(hello);
        status = NodeStatus.getDefaultInstance();
        drifted = Set.of();
        connectedAt = clock.getAsLong();
        questions.left();
        reportedLost = Optional.empty();
        if (acknowledged.filter(held -> held.version().equals(announced)).isEmpty()) {
            acknowledged = Optional.empty();
            rejected = Map.of();
        }
        if (target.isPresent()) {
            tellStandby();
        }
        push();
        return replaced;
    }

    /** What it tells of which node; empty if it answers nothing that is outstanding. */
    synchronized Optional<Heard> acknowledged(Consumer<Push> from, Acknowledgement acknowledgement) {
        Optional<Outstanding> answered = outstanding.filter(push -> push.nonce().equals(acknowledgement.getNonce()));
        if (!isCurrent(from) || answered.isEmpty()) {
            return Optional.empty();
        }
        progress = Optional.empty();
        acknowledged = answered.map(Outstanding::target);
        outstanding = Optional.empty();
        Map<String, Rejection> before = rejected;
        rejected = acknowledgement.getRejectedList().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Rejection::getWorkloadId, Function.identity(), (first, _) -> first));
        if (acknowledgement.getRejectedCount() > 0) {
            nacked = Optional.of(new Nacked(clock.getAsLong(), acknowledgement.getRejectedList()));
        }
        push();
        return answered.map(push ->
                rejected.equals(before) ? Heard.of(hello.getNode(), push.about()) : Heard.ofAll(hello.getNode()));
    }

    /** False if a newer stream had replaced it. */
    synchronized boolean disconnected(Consumer<Push> from) {
        if (!isCurrent(from)) {
            return false;
        }
        progress = Optional.empty();
        stream = Optional.empty();
        outstanding = Optional.empty();
        disconnectedAt = clock.getAsLong();
        questions.left();
        return true;
    }

    /** True if it is to be made known at once: the first report of a stream, drift that came or went, and probes in another state. */
    synchronized boolean reported(Consumer<Push> from, NodeStatus status) {
        if (!isCurrent(from)) {
            return false;
        }
        progress = Optional.empty();
        boolean news = !status.getDriftedList().equals(this.status.getDriftedList())
                || !states(status).equals(states(this.status));
        this.status = status;
        drifted = Set.copyOf(status.getDriftedList());
        boolean first = reportedLost.isEmpty();
        reportedLost = Optional.of(Map.copyOf(status.getLostMap()));
        return first && publishLosses() || news;
    }

    /** Of probes: counts go up all the time. */
    private static List<Object> states(NodeStatus status) {
        return status.getProbesList().stream()
                .<Object>map(probe -> probe.toBuilder()
                        .clearEvents()
                        .clearLost()
                        .clearCpuMillionths()
                        .build())
                .toList();
    }

    /** True if they have changed. */
    synchronized boolean publishLosses() {
        progress = Optional.empty();
        Map<String, Long> before = lost;
        lost = reportedLost.orElse(before);
        return !lost.equals(before);
    }

    synchronized NodeProgress progress() {
        NodeProgress now = progress.orElseGet(this::look);
        progress = Optional.of(now).filter(_ -> stream.isPresent());
        return now;
    }

    private NodeProgress look() {
        return new NodeProgress(
                acknowledged,
                rejected,
                lost,
                drifted,
                known,
                stream.isPresent() ? Optional.empty() : Optional.of(clock.getAsLong() - disconnectedAt),
                hello.getKernel(),
                NodeProgress.Probes.of(
                        hello.getCapabilitiesList().contains(Capability.CAPABILITY_PROBES), status.getProbesList()));
    }

    synchronized boolean isConnected() {
        return stream.isPresent();
    }

    /** Its agent is connected, and runs by what it is to do. */
    synchronized boolean isCurrent() {
        return stream.isPresent()
                && target.isPresent()
                && acknowledged
                        .filter(held -> held.version().equals(target.get().version()))
                        .isPresent();
    }

    synchronized long pushes() {
        return pushes;
    }

    /** Asks the agent what its kernel holds for a pod. */
    synchronized CompletableFuture<Answer> readBack(String podUid) {
        if (stream.isEmpty()) {
            return Questions.none(Answer.Reason.NOT_CONNECTED);
        }
        return hello.getCapabilitiesList().contains(Capability.CAPABILITY_READ_BACK)
                ? questions.ask(podUid, stream.get())
                : Questions.none(Answer.Reason.TOO_OLD);
    }

    void answered(HeldValues values) {
        questions.answered(values);
    }

    synchronized NodeView view(String node) {
        long now = clock.getAsLong();
        return new NodeView(
                node,
                hello,
                status,
                stream.map(_ -> now - connectedAt),
                acknowledged.map(NodeTarget::version).orElse(announced),
                target.map(NodeTarget::version).orElse(""),
                target.map(one -> one.workloads().size()).orElse(0),
                nacked.map(nack -> new NodeView.Nack(now - nack.at(), nack.rejected())));
    }

    private boolean isCurrent(Consumer<Push> from) {
        return stream.filter(current -> current == from).isPresent();
    }

    private void push() {
        progress = Optional.empty();
        if (stream.isEmpty() || outstanding.isPresent() || target.isEmpty()) {
            return;
        }
        NodeTarget next = target.get();
        if (acknowledged.isEmpty() && next.version().equals(announced)) {
            acknowledged = target; // it came with this from its disk, or from another replica
        }
        if (acknowledged.filter(held -> held.version().equals(next.version())).isPresent()) {
            acknowledged = target; // the same, as it is kept now
            return;
        }
        String nonce = Long.toString(++pushes);
        Delta delta = Delta.between(acknowledged, next);
        outstanding = Optional.of(new Outstanding(nonce, next, delta.policies(acknowledged)));
        stream.get().accept(delta.push(nonce));
    }
}
