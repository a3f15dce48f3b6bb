package dev.spandrel.operator.reconcile;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.ProbeSet;
import dev.spandrel.crds.ProbeSetStatus;
import dev.spandrel.operator.desired.BpfObjects;
import dev.spandrel.operator.desired.Desired;
import dev.spandrel.operator.desired.ProbeSnapshot;
import dev.spandrel.operator.desired.Probing;
import dev.spandrel.operator.desired.Snapshot;
import dev.spandrel.operator.push.Heard;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.operator.status.Pace;
import dev.spandrel.operator.status.ProbeStatus;
import dev.spandrel.operator.status.Transition;
import dev.spandrel.policy.Policy;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Notices changed probe sets, and writes the status that nodes' answers amount to: with it, whether they may be attached. */
public final class ProbeSetReconciler implements Reconciler<ProbeSet>, Probing, AutoCloseable {
    /** Counts and shares of probes that run are looked at so often. */
    private static final Duration NUMBERS = Duration.ofSeconds(10);

    private static final Duration SOON = Duration.ofMillis(5);
    /** A node that has one more pod to acknowledge is believed for so long. */
    private static final Duration ROUND_TRIP = Duration.ofMillis(150);

    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private final SimpleInboundEventSource<ProbeSet> progress = new SimpleInboundEventSource<>("probe-progress");
    private final Supplier<Desired> desired;
    private final BpfObjects objects;
    private final Supplier<Map<String, Map<String, String>>> nodeLabels;
    private final Function<String, NodeProgress> nodes;
    private final BooleanSupplier leads;
    private final BiConsumer<ProbeSet, Transition> events;
    private final LongAdder looking = new LongAdder();
    private final Gathered progressed = new Gathered(this::progressed, looking::sum);
    private final Map<Policy.Key, Long> written = new ConcurrentHashMap<>();
    private volatile Cache<ProbeSet> sets;

    /** As those of {@link TracePolicyReconciler}. */
    public ProbeSetReconciler(
            Supplier<Desired> desired,
            BpfObjects objects,
            Supplier<Map<String, Map<String, String>>> nodeLabels,
            Function<String, NodeProgress> nodes,
            BooleanSupplier leads,
            BiConsumer<ProbeSet, Transition> events) {
        this.desired = desired;
        this.objects = objects;
        this.nodeLabels = nodeLabels;
        this.nodes = nodes;
        this.leads = leads;
        this.events = events;
    }

    @Override
    public List<ProbeSet> sets() {
        return sets.list().toList();
    }

    @Override
    public BpfObjects objects() {
        return objects;
    }

    @Override
    public Map<String, Map<String, String>> nodeLabels() {
        return nodeLabels.get();
    }

    @Override
    public void compiled(Set<Policy.Key> keys) {
        refresh(keys);
    }

    /** The node's agent came, went, acknowledged or reported. */
    public void progressed(Heard heard) {
        Snapshot snapshot = desired.get().current();
        if (leads.getAsBoolean() && snapshot.probes().compilation().nodes().containsKey(heard.node())) {
            progressed.add(heard);
        }
    }

    private void progressed(Collection<Heard> heard) {
        List<String> nodes = heard.stream().map(Heard::node).toList();
        refresh(desired.get().current().probes().compilation().sets().entrySet().stream()
                .filter(set -> nodes.stream().anyMatch(set.getValue().nodes()::contains))
                .map(Map.Entry::getKey)
                .toList());
    }

    /** From now on this operator is the one that writes. */
    public void lead() {
        refresh(desired.get().current().probes().compilation().sets().keySet());
    }

    private void refresh(Collection<Policy.Key> keys) {
        keys.forEach(key -> progress.propagateEvent(new ResourceID(key.name(), key.namespace())));
    }

    @Override
    public List<EventSource<?, ProbeSet>> prepareEventSources(EventSourceContext<ProbeSet> context) {
        sets = context.getPrimaryCache();
        return List.of(progress);
    }

    @Override
    public UpdateControl<ProbeSet> reconcile(ProbeSet set, Context<ProbeSet> context) {
        desired.get().saw(set, context.isPrimaryResourceDeleted());
        Policy.Key key = ProbeSnapshot.key(set);
        if (context.isPrimaryResourceDeleted()) {
            written.remove(key);
        }
        Snapshot snapshot = desired.get().current();
        if (context.isPrimaryResourceDeleted() || !leads.getAsBoolean()) {
            return UpdateControl.noUpdate(); // comes again with the Lease
        }
        if (!snapshot.probes().includes(set)) {
            return OwnWrites.notCompiledYet();
        }
        long begin = CLOCK.getCurrentThreadCpuTime();
        ProbeSetStatus status = ProbeStatus.of(
                set, snapshot.probes().compilation().sets().get(key), snapshot.compilation(), nodes, Instant.now());
        looking.add(CLOCK.getCurrentThreadCpuTime() - begin);
        long now = System.nanoTime();
        if (flickers(set, status, snapshot, now)) {
            return UpdateControl.<ProbeSet>noUpdate().rescheduleAfter(ROUND_TRIP);
        }
        Duration wait = status.equals(set.getStatus())
                ? NUMBERS
                : Pace.wait(
                        set.getStatus(),
                        status,
                        Duration.ofNanos(now - written.getOrDefault(key, now - Long.MAX_VALUE / 2)),
                        snapshot.probes().versions().size());
        if (!wait.isZero()) {
            return UpdateControl.<ProbeSet>noUpdate().rescheduleAfter(wait);
        }
        written.put(key, now);
        Transition.between(conditions(set.getStatus()), conditions(status))
                .forEach(transition -> events.accept(set, transition));
        // Nobody is told of a status that it wrote itself; what this one lets be attached is to be compiled.
        boolean news = set.getStatus() == null
                || !Objects.equals(status.checkedHash(), set.getStatus().checkedHash());
        return OwnWrites.write(withStatus(set, status), news ? SOON : NUMBERS);
    }

    @Override
    public ErrorStatusUpdateControl<ProbeSet> updateErrorStatus(
            ProbeSet set, Context<ProbeSet> context, Exception failure) {
        return OwnWrites.failed(desired.get());
    }

    /** Pending where it was programmed, only because nodes have something else to acknowledge since a moment ago. */
    private static boolean flickers(ProbeSet set, ProbeSetStatus status, Snapshot snapshot, long now) {
        return programmed(set.getStatus(), status.observedGeneration(), Condition.Status.True)
                && programmed(status, status.observedGeneration(), Condition.Status.False)
                && snapshot.probes().compilation().sets().get(ProbeSnapshot.key(set)).nodes().stream()
                        .anyMatch(node -> snapshot.times().sinceNode(node, now) < ROUND_TRIP.toNanos());
    }

    private static boolean programmed(ProbeSetStatus status, Long generation, Condition.Status holds) {
        return conditions(status).stream()
                .anyMatch(condition -> condition.type() == Condition.Type.Programmed
                        && condition.status() == holds
                        && generation.equals(condition.observedGeneration())
                        && (holds == Condition.Status.True || condition.reason() == Condition.Reason.NodesPending));
    }

    private static List<Condition> conditions(ProbeSetStatus status) {
        return status == null || status.conditions() == null ? List.of() : status.conditions();
    }

    @Override
    public void close() {
        progressed.close();
    }

    private static ProbeSet withStatus(ProbeSet set, ProbeSetStatus status) {
        ProbeSet patch = new ProbeSet();
        patch.setMetadata(OwnWrites.named(set));
        patch.setStatus(status);
        return patch;
    }
}
