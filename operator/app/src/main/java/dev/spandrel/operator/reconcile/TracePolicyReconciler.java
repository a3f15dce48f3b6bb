package dev.spandrel.operator.reconcile;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicyStatus;
import dev.spandrel.operator.desired.Desired;
import dev.spandrel.operator.desired.Policies;
import dev.spandrel.operator.desired.Snapshot;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.operator.status.PolicyStatus;
import dev.spandrel.operator.status.Transition;
import dev.spandrel.operator.status.Verdict;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.Inventory;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyResult;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Notices changed policies, and writes the status that the compile result and the nodes' acknowledgements amount to. */
public final class TracePolicyReconciler implements Reconciler<TracePolicy> {
    private final SimpleInboundEventSource<TracePolicy> progress = new SimpleInboundEventSource<>("progress");
    private final Desired desired;
    private final Function<String, NodeProgress> nodes;
    private final BooleanSupplier leads;
    private final BiConsumer<TracePolicy, Transition> events;
    private volatile Cache<TracePolicy> policies;

    /**
     * @param definitionIsGone see {@link Desired}
     * @param targets told every compilation
     * @param nodes how far a node is, wherever its agent is connected
     * @param leads whether this operator is the one that writes
     * @param events told each change of state of a policy
     */
    public TracePolicyReconciler(
            Supplier<Inventory> inventory,
            Scope scope,
            BooleanSupplier definitionIsGone,
            Consumer<Compilation> targets,
            Function<String, NodeProgress> nodes,
            BooleanSupplier leads,
            BiConsumer<TracePolicy, Transition> events) {
        this.desired = new Desired(
                () -> policies.list().toList(), inventory, scope, definitionIsGone, targets, leads, this::refresh);
        this.nodes = nodes;
        this.leads = leads;
        this.events = events;
    }

    public Desired desired() {
        return desired;
    }

    /** The node's agent came, went or acknowledged. */
    public void progressed(String node) {
        SortedMap<Policy.Key, PolicyResult> results =
                desired.current().compilation().policies();
        refresh(results.keySet().stream()
                .filter(key -> results.get(key).inForce().containsKey(node))
                .toList());
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
        if (context.isPrimaryResourceDeleted() || !leads.getAsBoolean() || !snapshot.includes(policy)) {
            return UpdateControl.noUpdate(); // comes again with the compilation that includes it, or with the Lease
        }
        Verdict verdict = PolicyStatus.of(
                policy,
                snapshot.compilation().policies().get(Policies.key(policy)),
                snapshot.compilation(),
                nodes,
                Duration.ofNanos(System.nanoTime() - snapshot.atNanos()),
                Instant.now());
        return switch (verdict) {
            case Verdict.Wait(Duration patience) ->
                UpdateControl.<TracePolicy>noUpdate().rescheduleAfter(patience);
            case Verdict.Say(TracePolicyStatus status) ->
                status.equals(policy.getStatus()) ? UpdateControl.noUpdate() : say(policy, status);
        };
    }

    private UpdateControl<TracePolicy> say(TracePolicy policy, TracePolicyStatus status) {
        Transition.between(policy.getStatus(), status).forEach(transition -> events.accept(policy, transition));
        return UpdateControl.patchStatus(withStatus(policy, status));
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
