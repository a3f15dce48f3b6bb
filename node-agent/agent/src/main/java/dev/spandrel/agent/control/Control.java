package dev.spandrel.agent.control;

import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.Sensors;
import dev.spandrel.agent.program.UnsupportedKernelException;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.agent.workload.CgroupChange;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.ReadBack;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes the kernel hold what the latest node config says, and keeps it so while cgroups come and go. */
public final class Control implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.control");
    private static final long NEVER = Long.MAX_VALUE;
    /** Longest wait for a wall-clock time: the clock may be set meanwhile. */
    private static final long LOOK_AT_CLOCK_MILLIS = 10_000;

    private final Sensors sensors;
    private final CgroupTree tree;
    private final WorkloadIndex index;
    private final InstantSource wallClock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("control").daemon().factory());
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile Outcome outcome = Outcome.NONE;
    private volatile DriftFigures drift = DriftFigures.NONE;
    private volatile List<Cgroup> traced = List.of();

    // Owned by the control thread.
    private Map<String, Workload> accepted = Map.of();
    private boolean standby;
    private Applied applied = Applied.nothing(List.of());
    private Numbers<RuleSet> ruleSets = Numbers.none();
    private Numbers<String> policies = Numbers.none();
    private long generation;
    /** When the kernel decided by the latest generation, on the scale of {@link System#nanoTime}. */
    private long decided;
    /** Why nothing can be traced, as last said. */
    private String unsupported = "";
    /** By which time the workloads were settled last, and when the next of them changes by itself; wall clock, milliseconds. */
    private long settledAt;

    private long endsAt = NEVER;

    public Control(Sensors sensors, CgroupTree tree, WorkloadIndex index, InstantSource wallClock) {
        this.sensors = sensors;
        this.tree = tree;
        this.index = index;
        this.wallClock = wallClock;
        tree.listen(this::onCgroup);
    }

    /** Differences between what this half writes and what the loaded object reads; for {@link Sensors}. */
    public static List<String> differences(Sensor sensor) {
        return KernelWriter.differences(sensor);
    }

    /** Of the node config that holds now. */
    public Outcome outcome() {
        return outcome;
    }

    /** `noticed`, on the scale of {@link System#nanoTime}, is when the change was made, for the log line. */
    public CompletableFuture<Outcome> apply(NodeConfig config, long noticed) {
        return CompletableFuture.supplyAsync(() -> take(config, noticed), thread);
    }

    /** What the kernel holds for a pod, selected or not. */
    public CompletableFuture<HeldValues> readBack(ReadBack question) {
        return CompletableFuture.supplyAsync(
                () -> new KernelReader(sensors, tree.all(), applied, policies)
                        .read(question).toBuilder()
                                .setVersion(outcome.version())
                                .setGeneration(generation)
                                .build(),
                thread);
    }

    /** Cgroups whose configuration in the kernel is on. */
    public List<Cgroup> traced() {
        return traced;
    }

    public DriftFigures drift() {
        return drift;
    }

    /**
     * Compares what the kernel holds with what was written, and writes anew what is not there. It is to be called again and again: what
     * was found is only taken to be right when the next check sees that it stayed.
     */
    public CompletableFuture<DriftFigures> checkDrift() {
        return CompletableFuture.supplyAsync(this::repair, thread);
    }

    private DriftFigures repair() {
        var sensor = sensors.current().orElse(null);
        var found = sensor == null ? Drift.NONE : Drift.find(sensor, applied, tree.all());
        if (!found.repairs().isEmpty()) {
            var failed = KernelWriter.write(sensor, found.repairs());
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} values in the kernel were not as written, {1} of them still are not; workloads: {2}",
                    found.repairs().size(),
                    failed.size(),
                    found.workloads());
        }
        drift = drift.after(found);
        return drift;
    }

    /** Keeps the programs loaded, though not attached, while nothing is selected but may be at any moment. */
    public void standby(boolean ready) {
        thread.execute(() -> {
            if (standby == ready) return;
            standby = ready;
            settle();
        });
    }

    private Outcome take(NodeConfig config, long noticed) {
        var rejected = new ArrayList<Rejection>();
        var next = new HashMap<String, Workload>();
        for (var workload : config.getWorkloadsList()) {
            var refused = Translation.check(workload);
            refused.ifPresent(rejected::add);
            // What a refused workload had before stays in force.
            var effective = refused.isEmpty() ? workload : accepted.get(workload.getId());
            if (effective != null) next.put(workload.getId(), effective);
        }
        accepted = Map.copyOf(next);
        for (var workload : next.values()) if (workload.hasCgroupPath()) tree.find(workload.getCgroupPath());
        generation++;
        decided = System.nanoTime();
        var desired = settle();
        rejected.addAll(desired.rejected());
        outcome = new Outcome(
                config.getVersion(), generation, selected(), desired.targets().size(), desired.waiting(), rejected);
        LOG.log(System.Logger.Level.INFO, words(outcome, decided - noticed));
        awaitEnd();
        return outcome;
    }

    /** Comes back when the next policy is to end by itself. */
    private void awaitEnd() {
        long next = Timeline.next(accepted.values(), settledAt).orElse(NEVER);
        if (next == NEVER || next >= endsAt) return; // a timer that is no longer needed looks, and finds nothing
        endsAt = next;
        long wait = Math.clamp(next - wallClock.millis(), 0, LOOK_AT_CLOCK_MILLIS);
        CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS, thread).execute(this::endPolicies);
    }

    private void endPolicies() {
        endsAt = NEVER;
        try {
            if (Timeline.next(accepted.values(), settledAt).orElse(NEVER) <= wallClock.millis()) settleLater();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a policy could not be ended", e);
        }
        awaitEnd();
    }

    private void settleLater() {
        generation++;
        var desired = settle();
        outcome = new Outcome(
                outcome.version(),
                generation,
                selected(),
                desired.targets().size(),
                desired.waiting(),
                desired.rejected());
        LOG.log(
                System.Logger.Level.INFO,
                "generation " + generation + ": a policy has ended by itself: " + outcome.summary());
    }

    private int selected() {
        return (int) accepted.values().stream()
                .filter(workload -> Timeline.at(workload, settledAt).isPresent())
                .count();
    }

    private String words(Outcome outcome, long nanos) {
        if (sensors.current().isEmpty() && outcome.workloads() > 0)
            return "generation " + outcome.generation() + " is not in the kernel: " + outcome.summary();
        var millis = String.format(Locale.ROOT, "%.1f", nanos / 1e6);
        return "generation " + outcome.generation() + " in the kernel after " + millis + " ms: " + outcome.summary();
    }

    /** Makes the kernel hold what the accepted workloads and the tree as it is now say. */
    private Desired settle() {
        var cgroups = tree.all();
        settledAt = wallClock.millis();
        var workloads = accepted.values().stream()
                .flatMap(workload -> Timeline.at(workload, settledAt).stream())
                .sorted(Comparator.comparing(Workload::getId))
                .toList();
        var desired = NodeCompiler.compile(workloads, cgroups, generation, ruleSets, policies);
        ruleSets = desired.ruleSets();
        policies = desired.policies();
        if (workloads.isEmpty() && !standby) {
            index.replace(Map.of());
            traced = List.of();
            sensors.unload();
            return desired;
        }
        try {
            return write(desired, workloads, cgroups);
        } catch (UnsupportedKernelException e) {
            return rejectAll(desired, workloads, e.getMessage());
        }
    }

    private Desired write(Desired desired, List<Workload> workloads, Collection<Cgroup> cgroups) {
        boolean first = sensors.current().isEmpty();
        var sensor = sensors.load();
        // Where others wrote before, nothing is known of what any cgroup has.
        if (first) applied = Applied.nothing(sensor.adopted() ? List.of() : cgroups);
        index.replace(desired.places());
        var failed = KernelWriter.write(sensor, applied.diff(desired, cgroups));
        applied = Applied.of(desired, cgroups);
        traced = applied.enabled();
        var attached =
                workloads.stream().anyMatch(workload -> workload.getConfig().getEnabled());
        // Off is decided by the map values; detaching afterwards only saves the look-up.
        decided = System.nanoTime();
        sensors.attach(attached);
        if (attached) decided = System.nanoTime();
        return failed.isEmpty() ? desired : withFailures(desired, failed);
    }

    private static Desired withFailures(Desired desired, Map<Cgroup, String> failed) {
        var rejected = new ArrayList<>(desired.rejected());
        failed.forEach((cgroup, reason) -> rejected.add(Rejections.NOT_WRITTEN.of(
                Workload.newBuilder()
                        .setId(desired.targets().get(cgroup.id()).selected().id())
                        .build(),
                cgroup.path() + ": " + reason)));
        return new Desired(desired.targets(), desired.ruleSets(), desired.policies(), rejected, desired.waiting());
    }

    private Desired rejectAll(Desired desired, List<Workload> workloads, String message) {
        var rejected = workloads.stream()
                .map(workload -> Rejections.UNSUPPORTED_KERNEL.of(workload, message))
                .toList();
        if (!message.equals(unsupported)) LOG.log(System.Logger.Level.ERROR, "nothing can be traced here: " + message);
        unsupported = message;
        return new Desired(Map.of(), desired.ruleSets(), desired.policies(), rejected, List.of());
    }

    private void onCgroup(CgroupChange change) {
        switch (change) {
            case CgroupChange.Made made -> refresh();
            case CgroupChange.Removed removed -> refresh();
            case CgroupChange.Populated populated -> {}
        }
    }

    /** Cgroups came or went: the same generation, written where it is missing. Many changes make one refresh. */
    private void refresh() {
        if (!refreshing.compareAndSet(false, true)) return;
        try {
            thread.execute(() -> {
                refreshing.set(false);
                try {
                    if (sensors.current().isPresent()) settle();
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "a change of cgroups could not be followed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "control has ended");
        }
    }

    /** Unloads everything. */
    @Override
    public void close() {
        thread.execute(sensors::close);
        thread.close();
    }
}
