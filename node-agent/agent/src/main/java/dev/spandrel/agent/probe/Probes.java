package dev.spandrel.agent.probe;

import dev.spandrel.agent.control.ProbeTaker;
import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.ebpf.BpfMap;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The probes of this node, on a thread of their own that sleeps while there are none. */
public final class Probes implements ProbeTaker, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Probes.class);
    /** Records come without a wake-up. */
    private static final Duration PERIOD = Duration.ofMillis(5);

    /** The policies of a node that starts come first. */
    private static final Duration REHEARSAL = Duration.ofMillis(200);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("probes").daemon().factory());
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile List<ProbeReport> reports = List.of();
    // Of the thread.
    private final ProbeRuns runs;
    private final ProbeRehearsal rehearsal;
    private boolean ticking;

    /**
     * @param threads the data path's maps of what threads answer, by name
     * @param log takes what probes print; absent: nobody wants it
     */
    public Probes(
            CgroupTree tree,
            WorkloadIndex traced,
            String hostName,
            InstantSource wallClock,
            Supplier<Map<String, BpfMap>> threads,
            Optional<LogExport> log) {
        this.runs = new ProbeRuns(
                tree, traced, hostName, wallClock, threads, record -> log.ifPresent(to -> to.offer(record)));
        this.rehearsal =
                new ProbeRehearsal(new ProbeRuns(tree, new WorkloadIndex(), hostName, wallClock, Map::of, _ -> {}));
        tree.listen(_ -> refresh());
    }

    /** Once, soon, and step by step: who applies probes meanwhile waits for one step at most. */
    public void rehearse() {
        thread.schedule(this::rehearsed, REHEARSAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void rehearsed() {
        if (rehearsal.step() && !thread.isShutdown()) thread.schedule(this::rehearsed, 1, TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletableFuture<List<Rejection>> apply(NodeConfig config) {
        return CompletableFuture.supplyAsync(
                () -> {
                    List<Rejection> rejected = runs.apply(config.getProbeSetsList(), config.getProbedList());
                    reports = runs.reports();
                    tick();
                    return rejected;
                },
                thread);
    }

    /** Of every probe that was taken, sorted by id. */
    public List<ProbeReport> reports() {
        return reports;
    }

    /** What is gathered now, and the last words of what has gone since this was asked before. */
    public List<MetricData> collect() {
        return asked(runs::collect);
    }

    /** Stacks that were counted since this was asked before. */
    public List<CollectedProfile> profiles() {
        return asked(runs::profiles);
    }

    private <T> List<T> asked(Supplier<List<T>> question) {
        try {
            return CompletableFuture.supplyAsync(question, thread).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.warn("what probes gathered cannot be read now", e);
            return List.of();
        }
    }

    private void tick() {
        if (ticking || runs.isEmpty()) return;
        ticking = true;
        thread.schedule(this::work, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void work() {
        ticking = false;
        try {
            if (runs.doWork()) reports = runs.reports();
        } catch (RuntimeException e) {
            LOG.error("a probe could not be driven", e);
        }
        tick();
    }

    /** Cgroups came or went. Many changes make one look. */
    private void refresh() {
        if (!refreshing.compareAndSet(false, true)) return;
        try {
            thread.execute(() -> {
                refreshing.set(false);
                try {
                    runs.select();
                } catch (RuntimeException e) {
                    LOG.error("a change of cgroups could not be followed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("probes have ended");
        }
    }

    @Override
    public void close() {
        thread.execute(runs::close);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("probes are not detached yet; the kernel does it when this process ends");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
