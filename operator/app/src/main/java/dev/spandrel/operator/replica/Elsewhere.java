package dev.spandrel.operator.replica;

import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.ReplicasGrpc;
import dev.spandrel.contract.v1.Seen;
import dev.spandrel.contract.v1.Shared;
import dev.spandrel.operator.identity.Caller;
import dev.spandrel.operator.push.KnownFields;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.policy.NodeTarget;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How far nodes are whose agents are connected to other replicas, as those say. */
public final class Elsewhere extends ReplicasGrpc.ReplicasImplBase {
    private final Map<String, Sighting> sightings = new ConcurrentHashMap<>();
    private final LongSupplier clock;
    private volatile long listening;
    private final Consumer<String> onProgress;

    /**
     * @param by the stream that said so last
     * @param held what the version that it runs by was here; of one that was never the node's here, nothing but the version
     */
    private record Sighting(Object by, Seen seen, long at, Optional<NodeTarget> held) {
        static Sighting of(Object by, Seen seen, long at, @Nullable Sighting before) {
            String version = seen.getVersion();
            return new Sighting(
                    by,
                    seen,
                    at,
                    Optional.ofNullable(before)
                            .flatMap(Sighting::held)
                            .filter(held -> held.version().equals(version))
                            .or(() ->
                                    version.isEmpty() ? Optional.empty() : Optional.of(NodeTarget.ofVersion(version))));
        }

        Sighting knowing(NodeTarget target) {
            return held.filter(one -> one != target && one.version().equals(target.version()))
                            .isPresent()
                    ? new Sighting(by, seen, at, Optional.of(target))
                    : this;
        }
    }

    /**
     * @param clock nanoseconds
     * @param onProgress told the name of a node whose progress changed
     */
    public Elsewhere(LongSupplier clock, Consumer<String> onProgress) {
        this.clock = clock;
        this.listening = clock.getAsLong();
        this.onProgress = onProgress;
    }

    /** Only from now on do the others say what they see: until they had time to, nobody is taken to be away for long. */
    public void listen() {
        listening = clock.getAsLong();
    }

    /** Here or elsewhere: where an agent is connected, else where it left last. */
    public NodeProgress progress(Nodes here, String node) {
        NodeProgress own = here.progress(node);
        if (own.disconnectedNanos().isEmpty()) {
            return own;
        }
        NodeTarget target = here.target(node);
        Sighting sighting = sightings.computeIfPresent(node, (_, one) -> one.knowing(target));
        NodeProgress last = sighting == null
                ? own
                : Stream.of(progress(sighting), own)
                        .min(Comparator.comparing(one -> one.disconnectedNanos().orElse(-1L)))
                        .orElseThrow();
        return last.awayAtMost(clock.getAsLong() - listening);
    }

    private NodeProgress progress(Sighting sighting) {
        Seen seen = sighting.seen();
        return new NodeProgress(
                sighting.held(),
                seen.getRejectedList().stream()
                        .collect(Collectors.toMap(Rejection::getWorkloadId, Function.identity(), (first, _) -> first)),
                seen.getLostMap(),
                Set.copyOf(seen.getDriftedList()),
                new KnownFields(Set.copyOf(seen.getKnownFieldsList()), Set.copyOf(seen.getKnownProtocolsList())),
                seen.getConnected() ? Optional.empty() : Optional.of(clock.getAsLong() - sighting.at()),
                seen.getKernel(),
                NodeProgress.Probes.of(seen.getTakesProbes(), seen.getProbesList()));
    }

    @Override
    public StreamObserver<Seen> share(StreamObserver<Shared> answer) {
        if (!Caller.current().isReplica()) {
            answer.onError(Status.PERMISSION_DENIED
                    .withDescription("only another operator may say how far nodes are")
                    .asRuntimeException());
            return new StreamObserver<>() {
                @Override
                public void onNext(Seen seen) {}

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {}
            };
        }
        return new Sharing((ServerCallStreamObserver<Shared>) answer);
    }

    /** What one replica says, on one stream. */
    private final class Sharing implements StreamObserver<Seen> {
        private final Set<String> nodes = new HashSet<>();
        private final StreamObserver<Shared> answer;

        Sharing(ServerCallStreamObserver<Shared> answer) {
            this.answer = answer;
            answer.setOnCancelHandler(this::left);
        }

        @Override
        public void onNext(Seen seen) {
            Sighting before = sightings.get(seen.getNode());
            if (!seen.getConnected() && before != null && before.by() != this) {
                return; // it is known to have gone to another one
            }
            nodes.add(seen.getNode());
            sightings.put(seen.getNode(), Sighting.of(this, seen, clock.getAsLong(), before));
            onProgress.accept(seen.getNode());
        }

        private void left() {
            for (String node : nodes) {
                Sighting gone = sightings.computeIfPresent(
                        node,
                        (_, one) -> one.by() == this && one.seen().getConnected()
                                ? Sighting.of(
                                        this,
                                        one.seen().toBuilder()
                                                .setConnected(false)
                                                .build(),
                                        clock.getAsLong(),
                                        one)
                                : one);
                if (gone != null) {
                    onProgress.accept(node);
                }
            }
        }

        @Override
        public void onError(Throwable error) {
            left();
        }

        @Override
        public void onCompleted() {
            left();
            answer.onNext(Shared.getDefaultInstance());
            answer.onCompleted();
        }
    }
}
