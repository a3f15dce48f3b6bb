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
            return OwnWrites.notCompiledYet();
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

    @Override
    public ErrorStatusUpdateControl<TracePolicy> updateErrorStatus(
            TracePolicy policy, Context<TracePolicy> context, Exception failure) {
        return OwnWrites.failed(desired);
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
        Optional<Duration> next = again;
        if (!status.equals(policy.getStatus())) {
            long now = System.nanoTime();
            Duration wait = Pace.wait(
                    policy.getStatus(),
                    status,
                    Duration.ofNanos(now - written.getOrDefault(key, now - Long.MAX_VALUE / 2)),
                    desired.current().policies().size());
            if (wait.isZero()) {
                written.put(key, now);
                Transition.between(policy.getStatus(), status).forEach(transition -> events.accept(policy, transition));
                return OwnWrites.write(withStatus(policy, status), again.orElse(Duration.ofDays(1)));
            }
            next = again.filter(one -> one.compareTo(wait) < 0).or(() -> Optional.of(wait));
        }
        UpdateControl<TracePolicy> nothing = UpdateControl.noUpdate();
        next.ifPresent(nothing::rescheduleAfter);
        return nothing;
    }

    @Override
    public void close() {
        progressed.close();
        desired.close();
    }

    private static TracePolicy withStatus(TracePolicy policy, TracePolicyStatus status) {
        TracePolicy patch = new TracePolicy();
        patch.setMetadata(OwnWrites.named(policy));
        patch.setStatus(status);
        return patch;
    }
}
