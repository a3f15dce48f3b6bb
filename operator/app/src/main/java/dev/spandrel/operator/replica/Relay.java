package dev.spandrel.operator.replica;

import dev.spandrel.contract.v1.ReplicasGrpc;
import dev.spandrel.contract.v1.Seen;
import dev.spandrel.contract.v1.Shared;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.policy.NodeTarget;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Tells the leader how far the nodes are whose agents are connected here. What changes while the leader is slow is told once. */
public final class Relay implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final int RETRY_SECONDS = 1;

    private final Nodes nodes;
    private final Function<Replica, ManagedChannel> connect;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("relay").daemon().factory());
    // Of the thread.
    private Optional<Link> link = Optional.empty();

    /** @param connect a channel to another replica */
    public Relay(Nodes nodes, Function<Replica, ManagedChannel> connect) {
        this.nodes = nodes;
        this.connect = connect;
    }

    /** @param leader absent: there is none, or it is this one */
    public void follow(Optional<Replica> leader) {
        thread.execute(() -> {
            link.ifPresent(Link::close);
            link = leader.filter(one -> !one.address().isEmpty()).map(Link::new);
            link.ifPresent(Link::open);
        });
    }

    public void changed(String node) {
        changed.add(node);
        if (!thread.isShutdown() && scheduled.compareAndSet(false, true)) {
            thread.execute(this::drain);
        }
    }

    private void drain() {
        scheduled.set(false);
        if (link.isEmpty()) {
            changed.clear(); // whoever is followed next is told of all
            return;
        }
        link.get().drain();
    }

    private Seen seen(String node) {
        NodeProgress progress = nodes.progress(node);
        return Seen.newBuilder()
                .setNode(node)
                .setConnected(progress.disconnectedNanos().isEmpty())
                .setVersion(progress.acknowledged().map(NodeTarget::version).orElse(""))
                .addAllRejected(progress.rejected().values())
                .putAllLost(progress.lost())
                .addAllDrifted(progress.drifted())
                .addAllKnownFields(progress.known().numbers())
                .addAllKnownProtocols(progress.known().protocols())
                .setKernel(progress.kernel())
                .addAllProbes(progress.probes().reports().values())
                .setTakesProbes(progress.probes().taken())
                .build();
    }

    @Override
    public void close() {
        thread.execute(() -> link.ifPresent(Link::close));
        thread.shutdown();
    }

    /** To one leader. */
    private final class Link implements ClientResponseObserver<Seen, Shared> {
        private final Replica leader;
        private final ManagedChannel channel;
        private Optional<ClientCallStreamObserver<Seen>> stream = Optional.empty();
        private boolean closed;

        Link(Replica leader) {
            this.leader = leader;
            this.channel = connect.apply(leader);
        }

        void open() {
            if (closed) {
                return;
            }
            changed.addAll(nodes.names());
            ReplicasGrpc.newStub(channel).withWaitForReady().share(this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Seen> opened) {
            stream = Optional.of(opened);
            opened.setOnReadyHandler(() -> run(this::drain));
        }

        void drain() {
            Iterator<String> waiting = changed.iterator();
            while (waiting.hasNext()
                    && stream.filter(ClientCallStreamObserver::isReady).isPresent()) {
                String node = waiting.next();
                waiting.remove(); // first: what changes from here on is told again
                stream.orElseThrow().onNext(seen(node));
            }
        }

        @Override
        public void onNext(Shared shared) {}

        @Override
        public void onError(Throwable error) {
            run(() -> ended(error.getMessage()));
        }

        @Override
        public void onCompleted() {
            run(() -> ended("it ended the stream"));
        }

        private void ended(String reason) {
            stream = Optional.empty();
            if (!closed) {
                LOG.infof("the leader %s cannot be told (%s); trying again", leader, reason);
                thread.schedule(this::open, RETRY_SECONDS, TimeUnit.SECONDS);
            }
        }

        private void run(Runnable task) {
            if (!thread.isShutdown()) {
                thread.execute(task);
            }
        }

        void close() {
            closed = true;
            channel.shutdownNow();
        }
    }
}
