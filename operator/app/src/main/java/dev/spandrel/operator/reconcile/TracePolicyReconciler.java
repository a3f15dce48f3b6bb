package dev.spandrel.operator.reconcile;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicyStatus;
import dev.spandrel.operator.desired.Desired;
import dev.spandrel.operator.desired.Policies;
import dev.spandrel.operator.desired.Probing;
import dev.spandrel.operator.desired.Snapshot;
import dev.spandrel.operator.desired.Times;
import dev.spandrel.operator.desired.Workloads;
import dev.spandrel.operator.push.Heard;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.operator.status.Pace;
import dev.spandrel.operator.status.PolicyStatus;
import dev.spandrel.operator.status.Transition;
import dev.spandrel.operator.status.Verdict;
import dev.spandrel.policy.Change;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Notices changed policies, and writes the status that the compile result and the nodes' acknowledgements amount to. */
public final class TracePolicyReconciler implements Reconciler<TracePolicy>, AutoCloseable {
    /**
     * After a status was written. What somebody changed while it was being written has no event of its own: the SDK takes all that comes in that time for what it wrote itself.
     */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private final SimpleInboundEventSource<TracePolicy> progress = new SimpleInboundEventSource<>("progress");
    private final Desired desired;
    private final Function<String, NodeProgress> nodes;
    private final BooleanSupplier leads;
    private final BiConsumer<TracePolicy, Transition> events;
    private final LongAdder looking = new LongAdder();
    private final Gathered progressed = new Gathered(this::progressed, looking::sum);
    private final Map<Policy.Key, Long> written = new ConcurrentHashMap<>();
    private volatile Cache<TracePolicy> policies;

    /**
     * @param definitionIsGone see {@link Desired}
     * @param targets told every compilation
     * @param nodes how far a node is, wherever its agent is connected
     * @param leads whether this operator is the one that writes
     * @param events told each change of state of a policy
     */
    public TracePolicyReconciler(
            Workloads workloads,
            Probing probing,
            Scope scope,
            BooleanSupplier definitionIsGone,
            Consumer<Change> targets,
            Function<String, NodeProgress> nodes,
            BooleanSupplier leads,
            BiConsumer<TracePolicy, Transition> events) {
        this.desired = new Desired(
                () -> policies.list().toList(),
                workloads,
                probing,
                scope,
                definitionIsGone,
                targets,
                leads,
                this::refresh);
        this.nodes = nodes;
        this.leads = leads;
        this.events = events;
    }

    public Desired desired() {
        return desired;
    }

    /** A node's agent came, went or acknowledged. */
    public void progressed(Heard heard) {
        if (leads.getAsBoolean()) {
            progressed.add(heard);
        }
    }

    private void progressed(Collection<Heard> heard) {
        Compilation compilation = desired.current().compilation();
        refresh(heard.stream()
                .flatMap(one -> one.policies(compilation.node(one.node())).stream())
                .collect(Collectors.toSet()));
    }

    /** From now on this operator is the one that writes: what the last one left unsaid is said. */
    public void lead() {
        desired.auditAll();
        refresh(desired.current().compilation().policies().keySet());
    }

    private void refresh(Collection<Policy.Key> keys) {
        keys.forEach(key -> progress.propagateEvent(new ResourceID(key.name(), key.namespace())));
    }

    @Override
    public List<EventSource<?, TracePolicy>> prepareEventSources(EventSourceContext<TracePolicy> context) {
        policies = context.getPrimaryCache();
        return List.of(progress);
    }

    @Override
    public UpdateControl<TracePolicy> reconcile(TracePolicy policy, Context<TracePolicy> context) {
        desired.saw(policy, context.isPrimaryResourceDeleted());
        Snapshot snapshot = desired.current();
        if (context.isPrimaryResourceDeleted()) {
            written.remove(Policies.key(policy));
        }
        if (context.isPrimaryResourceDeleted() || !leads.getAsBoolean()) {
            return UpdateControl.noUpdate(); // comes again with the Lease
        }
        if (!snapshot.includes(policy)) {
            // Comes again with the compilation that includes it. What is known of it may be ahead of the cache that is
            // compiled.
            return UpdateControl.<TracePolicy>noUpdate().rescheduleAfter(LOOK_AGAIN);
        }
        Policy.Key key = Policies.key(policy);
        long begin = CLOCK.getCurrentThreadCpuTime();
        Verdict verdict = PolicyStatus.of(
                policy,
                snapshot.compilation().policies().get(key),
                snapshot.compilation(),
                nodes,
                new Age(snapshot.times(), key, System.nanoTime()),
                Instant.now());
        looking.add(CLOCK.getCurrentThreadCpuTime() - begin);
        return switch (verdict) {
            case Verdict.Wait(Duration patience) ->
                UpdateControl.<TracePolicy>noUpdate().rescheduleAfter(patience);
            case Verdict.Say(TracePolicyStatus status, Optional<Duration> again) -> say(policy, key, status, again);
        };
    }

    /** A status that could not be written: the policy may have been deleted meanwhile, and that event is taken for our own write's. */
    @Override
    public ErrorStatusUpdateControl<TracePolicy> updateErrorStatus(
            TracePolicy policy, Context<TracePolicy> context, Exception failure) {
        desired.changedBy(LOOK_AGAIN);
        return ErrorStatusUpdateControl.defaultErrorProcessing();
    }

    private record Age(Times times, Policy.Key key, long now) implements PolicyStatus.Since {
        @Override
        public Duration node(String name) {
            return Duration.ofNanos(times.sinceNode(name, now));
        }

        @Override
        public Duration policy() {
            return Duration.ofNanos(times.sincePolicy(key, now));
        }
    }

    private UpdateControl<TracePolicy> say(
            TracePolicy policy, Policy.Key key, TracePolicyStatus status, Optional<Duration> again) {
        UpdateControl<TracePolicy> control = UpdateControl.noUpdate();
        Optional<Duration> next = again;
        if (!status.equals(policy.getStatus())) {
            long now = System.nanoTime();
            Duration wait = Pace.wait(
                    policy.getStatus(),
                    status,
                    Duration.ofNanos(now - written.getOrDefault(key, now - Long.MAX_VALUE / 2)));
            if (wait.isZero()) {
                written.put(key, now);
                Transition.between(policy.getStatus(), status).forEach(transition -> events.accept(policy, transition));
                control = UpdateControl.patchStatus(withStatus(policy, status));
                next = again.filter(one -> one.compareTo(LOOK_AGAIN) < 0).or(() -> Optional.of(LOOK_AGAIN));
            } else {
                next = again.filter(one -> one.compareTo(wait) < 0).or(() -> Optional.of(wait));
            }
        }
        UpdateControl<TracePolicy> said = control;
        next.ifPresent(said::rescheduleAfter);
        return said;
    }

    @Override
    public void close() {
        progressed.close();
        desired.close();
    }

    /** Nothing but the status: server-side apply owns what it is sent. */
    private static TracePolicy withStatus(TracePolicy policy, TracePolicyStatus status) {
        TracePolicy patch = new TracePolicy();
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(policy.getMetadata().getNamespace())
                .withName(policy.getMetadata().getName())
                .build());
        patch.setStatus(status);
        return patch;
    }
}
