package dev.spandrel.agent.standalone;

import dev.spandrel.agent.control.Control;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.agent.workload.CgroupChange;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.Compiler;
import dev.spandrel.policy.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Policies from a folder, for the workloads of this host. */
public final class Standalone implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.standalone");

    private static final Duration RE_LIST = Duration.ofSeconds(2);
    /** How often everything is looked at anew, should an event have been missed. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How often executables are looked up anew: exec tells nobody. */
    private static final long RESCAN_MILLIS = 500;
    /** The same while a cgroup has just got a process, which is about to become what it is to be. */
    private static final long RESCAN_NEW_MILLIS = 20;

    private static final long NEVER_NANOS = TimeUnit.DAYS.toNanos(10_000);
    private static final long NEW_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A file is written in several steps: so long must nothing happen before it is read. */
    private static final long QUIET_MILLIS = 3;

    private sealed interface Signal {
        record FolderChanged() implements Signal {}

        record CgroupsChanged(Cgroup cgroup) implements Signal {}
    }

    private final PolicyReader policies;
    private final FolderWatch watch;
    private final Control control;
    private final CgroupTree tree;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Thread thread =
            Thread.ofPlatform().name("standalone").daemon().unstarted(this::run);

    // Owned by the thread.
    private final LocalInventory inventory = new LocalInventory();
    private @Nullable String applied;
    private Compilation compilation = Compilation.EMPTY;
    private long newUntil = System.nanoTime();
    private long rescanAt = System.nanoTime();
    private long lookAt = System.nanoTime();
    private long readAgainAt = System.nanoTime() + NEVER_NANOS;

    public Standalone(Path folder, Control control, CgroupTree tree) throws IOException {
        this(folder, RE_LIST, control, tree);
    }

    /** `reList` is how often the folder is read without an event. */
    Standalone(Path folder, Duration reList, Control control, CgroupTree tree) throws IOException {
        this.policies = new PolicyReader(folder);
        this.watch = new FolderWatch(folder, () -> signals.add(new Signal.FolderChanged()), reList);
        this.control = control;
        this.tree = tree;
        tree.listen(this::onCgroup);
    }

    public void start() {
        // The programs load while the files are read.
        if (policies.hasFiles()) control.standby(true);
        signals.add(new Signal.FolderChanged());
        watch.start();
        thread.start();
    }

    private void onCgroup(CgroupChange change) {
        signals.add(new Signal.CgroupsChanged(change.cgroup()));
    }

    private void run() {
        try {
            while (true) doWork();
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "standalone ends");
        }
    }

    private void doWork() throws InterruptedException {
        var oldest = signals.poll(Math.max(1, rescanAt - System.nanoTime()), TimeUnit.NANOSECONDS);
        long noticed = System.nanoTime();
        try {
            take(oldest, noticed);
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "policies or workloads could not be read, going on with what is known: " + e);
        }
    }

    /** Takes in all that has happened, and compiles if it matters. */
    private void take(@Nullable Signal oldest, long noticed) throws IOException, InterruptedException {
        boolean changed = false;
        boolean files = System.nanoTime() - readAgainAt >= 0;
        var cgroups = new LinkedHashSet<Cgroup>();
        for (var signal = oldest; signal != null; signal = signals.poll())
            switch (signal) {
                case Signal.FolderChanged _ -> files = true;
                case Signal.CgroupsChanged(var cgroup) -> cgroups.add(cgroup);
            }
        if (files) {
            waitForQuiet();
            var first = policies.states().files().isEmpty();
            var reading = policies.read(noticed);
            noticed = reading.since();
            readAgainAt = System.nanoTime()
                    + (reading.settled() ? NEVER_NANOS : TimeUnit.MILLISECONDS.toNanos(PolicyReader.SETTLED_MILLIS));
            changed = reading.changed() || applied == null;
            // Nothing was looked at while there was no policy.
            if (first && changed) lookAt = rescanAt = System.nanoTime();
        }
        for (var cgroup : cgroups) changed |= inventory.look(cgroup);
        if (!cgroups.isEmpty()) newUntil = System.nanoTime() + NEW_NANOS;
        changed |= rescan();
        changed |= compilation
                .nextExpiry()
                .filter(end -> !end.isAfter(Instant.now()))
                .isPresent();
        if (changed) compile(noticed);
    }

    /** Nothing is looked at while there is no policy. */
    private boolean rescan() {
        if (System.nanoTime() - rescanAt < 0) return false;
        boolean changed = false;
        boolean hasFiles = !policies.states().files().isEmpty();
        if (hasFiles && System.nanoTime() - lookAt >= 0) {
            changed = inventory.look(tree.all());
            lookAt = System.nanoTime() + LOOK_NANOS;
        } else if (hasFiles) changed = inventory.lookForExec();
        rescanAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(rescanMillis());
        return changed;
    }

    private long rescanMillis() {
        return System.nanoTime() - newUntil < 0 ? RESCAN_NEW_MILLIS : RESCAN_MILLIS;
    }

    private void waitForQuiet() throws InterruptedException {
        var others = new ArrayList<Signal>();
        for (int i = 0; i < 5; i++) {
            var next = signals.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
            if (next == null) break;
            if (next instanceof Signal.CgroupsChanged) others.add(next);
        }
        signals.addAll(others);
    }

    private void compile(long noticed) {
        var states = policies.states();
        var next = Compiler.compile(states.policies(), inventory.inventory(), Scope.HOST, Instant.now());
        FileReport.differences(states, compilation, next).forEach(line -> LOG.log(System.Logger.Level.INFO, line));
        compilation = next;
        control.standby(!states.policies().isEmpty());
        var target = next.node(LocalInventory.NODE);
        if (applied != null && applied.equals(target.version())) return;
        control.apply(target.config(), noticed).join();
        applied = target.version();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        watch.close();
        thread.interrupt();
        thread.join(1000);
    }
}
