package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.Kernel;
import dev.spandrel.policy.Change;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.NodeTarget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** All nodes that the inventory names or an agent has come from. */
public final class Nodes {
    private final Map<String, NodeQueue> queues = new ConcurrentHashMap<>();
    private final LongSupplier clock;
    private final Consumer<Heard> onProgress;
    private final long started;
    private volatile Optional<Compilation> current = Optional.empty();

    /**
     * @param clock nanoseconds
     * @param onProgress told of each node whose progress changed
     */
    public Nodes(LongSupplier clock, Consumer<Heard> onProgress) {
        this.clock = clock;
        this.onProgress = onProgress;
        this.started = clock.getAsLong();
    }

    /** Called by one thread. */
    public void target(Compilation compilation) {
        current = Optional.of(compilation);
        queues.forEach((node, queue) -> aim(queue, compilation, node));
    }

    private static void aim(NodeQueue queue, Compilation compilation, String node) {
        queue.standby(!compilation.policies().isEmpty());
        queue.target(compilation.node(node));
    }

    /** The first one is for all, and then each for the nodes that are to do something else. Called by one thread. */
    public void target(Change change) {
        if (current.isEmpty()) {
            target(change.compilation());
            return;
        }
        boolean loaded = !change.compilation().policies().isEmpty();
        if (loaded == current.get().policies().isEmpty()) {
            queues.values().forEach(queue -> queue.standby(loaded)); // the first policy came, or the last one went
        }
        current = Optional.of(change.compilation());
        for (String node : change.nodes()) {
            NodeQueue queue = queues.get(node);
            if (queue != null) {
                queue.target(change.compilation().node(node));
            }
        }
    }

    /** What the node is to do. */
    public NodeTarget target(String node) {
        return current.map(compilation -> compilation.node(node)).orElse(NodeTarget.NOTHING);
    }

    public NodeProgress progress(String node) {
        NodeQueue queue = queues.get(node);
        return queue == null
                ? new NodeProgress(
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        Set.of(),
                        KnownFields.ALL,
                        Optional.of(clock.getAsLong() - started),
                        Kernel.getDefaultInstance())
                : queue.progress();
    }

    /** All nodes that an agent has come from, by name. */
    public List<NodeView> views() {
        return queues.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().view(entry.getKey()))
                .toList();
    }

    public Optional<NodeView> view(String node) {
        return Optional.ofNullable(queues.get(node)).map(queue -> queue.view(node));
    }

    /** Asks the node's agent what its kernel holds for a pod; an answer comes within seconds, if only that there is none. */
    public CompletableFuture<Answer> readBack(String node, String podUid) {
        NodeQueue queue = queues.get(node);
        return queue == null ? Questions.none(Answer.Reason.NOT_CONNECTED) : queue.readBack(podUid);
    }

    /** All nodes that an agent has come from. */
    public Set<String> names() {
        return Set.copyOf(queues.keySet());
    }

    /** How many nodes' agents are connected here. */
    public long connected() {
        return queues.values().stream().filter(NodeQueue::isConnected).count();
    }

    /** How many of them run by what they are to do. */
    public long current() {
        return queues.values().stream().filter(NodeQueue::isCurrent).count();
    }

    /** How many there have been, to all nodes. */
    public long pushes() {
        return queues.values().stream().mapToLong(NodeQueue::pushes).sum();
    }

    /** Makes known what was lost meanwhile: now and then, for it may change every second on every node. */
    public void publishLosses() {
        queues.forEach((node, queue) -> {
            if (queue.publishLosses()) {
                heard(Heard.ofAll(node));
            }
        });
    }

    /** Of a node whose agent connects. Its target is set before the agent says hello, or with the first compilation. */
    NodeQueue queue(String node) {
        return queues.computeIfAbsent(node, _ -> {
            NodeQueue queue = new NodeQueue(clock);
            current.ifPresent(compilation -> aim(queue, compilation, node));
            return queue;
        });
    }

    void heard(Heard heard) {
        onProgress.accept(heard);
    }
}
