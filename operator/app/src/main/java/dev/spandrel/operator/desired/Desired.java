package dev.spandrel.operator.desired;

import dev.spandrel.crds.ProbeSet;
import dev.spandrel.crds.TracePolicy;
import dev.spandrel.policy.Change;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.ProbeCompilation;
import dev.spandrel.policy.ProbeSets;
import dev.spandrel.policy.Recompiler;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Keeps the compilation of what the caches hold. Before {@link #start} nothing is compiled: half-filled caches would switch nodes off. */
public final class Desired implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Desired.class);
    /** One line of JSON for each change that is in force from now on. */
    private static final Logger AUDIT = Logger.getLogger("dev.spandrel.audit");

    private static final Duration QUIET = Duration.ofMillis(5);
    private static final Duration LOOK_AT_CLOCK = Duration.ofSeconds(10);
    private static final Duration MOST = Duration.ofMillis(50);

    private final Supplier<List<TracePolicy>> policies;
    private final Memory memory;
    private final Workloads workloads;
    private final Probing probing;
    private final Scope scope;
    private final Consumer<Change> onCompiled;
    private final BooleanSupplier leads;
    private final Consumer<Set<Policy.Key>> onChanged;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("compile").daemon().factory());
    private final Debounce debounce = new Debounce(QUIET, MOST, System::nanoTime, this::later, this::compile);
    private final Set<String> changedWorkloads = ConcurrentHashMap.newKeySet();
    // Of the compile thread.
    private Recompiler recompiler;

    private ProbeSets probeSets;
    private Known known = Known.NOTHING;
    /** When the next policy ends by itself. */
    private Future<?> expiry = CompletableFuture.completedFuture(null);

    private volatile Snapshot current = Snapshot.NONE;
    private volatile boolean started;
    private volatile boolean knowsNothing;

    /**
     * @param definitionIsGone whether policies are missing because their definition is deleted, or is being deleted
     * @param onCompiled told every compilation
     * @param leads whether this operator writes what is audited
     * @param onChanged told the policies whose status may have changed with it
     */
    public Desired(
            Supplier<List<TracePolicy>> policies,
            Workloads workloads,
            Probing probing,
            Scope scope,
            BooleanSupplier definitionIsGone,
            Consumer<Change> onCompiled,
            BooleanSupplier leads,
            Consumer<Set<Policy.Key>> onChanged) {
        this.policies = policies;
        this.memory = new Memory(definitionIsGone);
        this.workloads = workloads;
        this.probing = probing;
        this.scope = scope;
        this.recompiler = new Recompiler(scope);
        this.probeSets = new ProbeSets(scope);
        this.onCompiled = onCompiled;
        this.leads = leads;
        this.onChanged = onChanged;
    }

    /**
     * The caches are complete.
     *
     * @param knowsNothing what was in force last is not known: without any policy nothing is said to the nodes
     */
    public void start(boolean knowsNothing) {
        this.knowsNothing = knowsNothing;
        started = true;
        changed();
    }

    /** Something in the caches changed. */
    public void changed() {
        if (started) {
            debounce.changed();
        }
    }

    /** Something may have changed, and is in the caches after the delay. */
    public void changedBy(Duration delay) {
        later(this::changed, delay);
    }

    /** A workload came, changed or went. */
    public void workload(String id) {
        changedWorkloads.add(id);
        changed();
    }

    /** The policy, as it is now or now is no longer, may not be compiled yet. */
    public void saw(TracePolicy policy, boolean deleted) {
        Snapshot snapshot = current;
        if (deleted ? snapshot.origins().containsKey(Policies.key(policy)) : !snapshot.includes(policy)) {
            changed();
        }
    }

    /** The probe set, as it is now or now is no longer, may not be compiled yet. */
    public void saw(ProbeSet set, boolean deleted) {
        ProbeSnapshot snapshot = current.probes();
        if (deleted ? snapshot.compilation().sets().containsKey(ProbeSnapshot.key(set)) : !snapshot.includes(set)) {
            changed();
        }
    }

    public Snapshot current() {
        return current;
    }

    private void later(Runnable task, Duration delay) {
        Future<?> _ = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void compile() {
        try {
            List<TracePolicy> cached = remembered();
            List<ProbeSet> sets = probing.sets();
            if (knowsNothing && cached.isEmpty() && sets.isEmpty()) {
                return;
            }
            knowsNothing = false;
            Snapshot earlier = current;
            Instant now = Instant.now();
            Set<String> ids = changedWorkloads();
            Change traced = recompiled(cached, ids, now);
            ProbeSnapshot probes = new ProbeSnapshot(ProbeSnapshot.versions(sets), probes(sets, ids, now));
            Change change = probes.compilation().into(traced, earlier.probes().compilation(), earlier.compilation());
            current = earlier.after(change, known.origins(), known.policies(), probes, System.nanoTime());
            onCompiled.accept(change);
            if (leads.getAsBoolean()) {
                audit(earlier, current);
            }
            onChanged.accept(current.changedSince(earlier, change));
            probing.compiled(probes.changedSince(earlier.probes()));
            Stream.concat(change.compilation().nextExpiry().stream(), probes.compilation().nextExpiry().stream())
                    .min(Comparator.naturalOrder())
                    .ifPresent(this::compileAt);
        } catch (RuntimeException e) {
            LOG.error("compiling failed; the nodes keep what they have until the next change", e);
            recompiler = new Recompiler(scope);
            probeSets = new ProbeSets(scope);
            changedWorkloads.addAll(workloads.ids());
        }
    }

    private ProbeCompilation probes(List<ProbeSet> sets, Set<String> changed, Instant now) {
        return probeSets.compile(
                sets.stream()
                        .map(set -> ProbeSnapshot.input(set, probing.objects()))
                        .toList(),
                changed,
                id -> workloads.get(id).orElse(null),
                () -> workloads.ids().stream().flatMap(id -> workloads.get(id).stream()),
                probing::nodeLabels,
                now);
    }

    /** From here on what changes is for the next run. */
    private Set<String> changedWorkloads() {
        Set<String> ids = Set.copyOf(changedWorkloads);
        changedWorkloads.removeAll(ids);
        return ids;
    }

    private Change recompiled(List<TracePolicy> cached, Set<String> changed, Instant now) {
        for (String id : changed) {
            workloads.get(id).ifPresentOrElse(recompiler::put, () -> recompiler.remove(id));
        }
        known = known.read(cached);
        return recompiler.compile(known.policies(), now);
    }

    private List<TracePolicy> remembered() {
        boolean held = memory.holding();
        List<TracePolicy> remembered = memory.of(policies.get());
        if (memory.holding() != held) {
            LOG.warnf(
                    held
                            ? "the definition of policies is back: what the API server holds is in force again"
                            : "the definition of policies is deleted, and they with it: what was in force last holds on");
        }
        if (memory.holding()) {
            later(this::changed, LOOK_AT_CLOCK);
        }
        return remembered;
    }

    /** As after a start: what is in force is found. */
    public void auditAll() {
        later(() -> audit(Snapshot.NONE, current), Duration.ZERO);
    }

    private static void audit(Snapshot earlier, Snapshot now) {
        for (Map<String, Object> entry : Audit.entries(earlier, now)) {
            AUDIT.info(Serialization.asJson(entry));
        }
    }

    /** Looks at the wall clock now and then: it may be set while we wait. */
    private void compileAt(Instant time) {
        expiry.cancel(false);
        long left = Duration.between(Instant.now(), time).toMillis() + 1; // a delay is cut, the time is not
        expiry = left <= LOOK_AT_CLOCK.toMillis()
                ? thread.schedule(this::changed, Math.max(0, left), TimeUnit.MILLISECONDS)
                : thread.schedule(() -> compileAt(time), LOOK_AT_CLOCK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
