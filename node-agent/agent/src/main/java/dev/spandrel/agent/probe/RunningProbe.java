package dev.spandrel.agent.probe;

import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.agent.span.WallClock;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.ProbeState;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.live.show.Values;
import dev.spandrel.probe.output.Action;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A probe that is attached, or was: its program, what it said and took. Of one thread. */
final class RunningProbe implements Session.Output {
    private static final String FULL = "a map of it is full and takes no new keys: raise mapMemory or use fewer";

    private final String id;
    private final ProbeConfig config;
    private final boolean wholeNode;
    private final Version version;
    private final Budget budget;
    private final Readings readings;
    private final Records records;
    private final Values values;
    private final InstrumentationScopeInfo scope;
    private final Consumer<PrintedRecord> log;
    private ProbeState state = ProbeState.PROBE_STATE_ATTACHED;
    private String message;
    private long events;
    private long dropped;
    /** Of the kernel's own, once nobody can ask it any more. */
    private long lostInRing;

    private long full;

    private Map<String, Set<String>> files;

    private boolean open = true;

    RunningProbe(
            String id,
            ProbeConfig config,
            boolean wholeNode,
            Preparation.Ready ready,
            Readings readings,
            Owners owners,
            WallClock clock,
            Consumer<PrintedRecord> log) {
        this.id = id;
        this.config = config;
        this.wholeNode = wholeNode;
        this.version = ready.version();
        this.message = ready.note();
        this.files = version.files();
        this.budget = new Budget(config.getLimits());
        this.readings = readings;
        this.scope = InstrumentationScopeInfo.create("dev.spandrel.probe/" + id.substring(id.indexOf('/') + 1));
        this.values = Live.values(version, owners);
        this.records = new Records(version, owners, clock, scope);
        this.log = log;
    }

    String id() {
        return id;
    }

    ProbeConfig config() {
        return config;
    }

    boolean isWholeNode() {
        return wholeNode;
    }

    Version version() {
        return version;
    }

    Readings readings() {
        return readings;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether it is attached to files of processes, which come and go. */
    boolean followsFiles() {
        return open && state == ProbeState.PROBE_STATE_ATTACHED && !wholeNode && !files.isEmpty();
    }

    /** By the names that its attach points have for them. */
    Map<String, Set<String>> files() {
        return files;
    }

    /** They have been looked at, whatever came of it. */
    void sawFiles(Map<String, Set<String>> seen) {
        files = seen;
    }

    /** The same probe, and what it said before. */
    void goesOnFrom(RunningProbe before) {
        events = before.events;
        dropped = before.dropped;
    }

    void select(Set<Long> cgroups) {
        if (open) version.session().select(cgroups);
    }

    /** Takes in what it has said; one that wants to end is ended. */
    void doWork() {
        if (open
                && state == ProbeState.PROBE_STATE_ATTACHED
                && !version.session().poll(this)) {
            stop(ProbeState.PROBE_STATE_ENDED, "its program called exit()");
        }
    }

    void measureFrom(long now) {
        if (open) budget.begin(version.session().statistics().values(), now);
    }

    void measureTo(boolean counting, long now) {
        if (!open || state != ProbeState.PROBE_STATE_ATTACHED) return;
        budget.end(version.session().statistics().values(), counting, now);
        if (budget.isOver()) {
            stop(ProbeState.PROBE_STATE_STOPPED, budget.excess() + ": stopped until the set changes");
        }
    }

    /** Detached; what it gathered can still be read. */
    void stop(ProbeState why, String words) {
        if (state != ProbeState.PROBE_STATE_ATTACHED) return;
        version.session().stop(this);
        state = why;
        message = words;
    }

    @Override
    public void record(Action action, byte[] content) {
        switch (action) {
            case Action.PrintMap(var map, int _, long _) -> readings.metrics().printed(map);
            case Action.Clear _, Action.Zero _, Action.Exit _ -> {}
            case Action.Formatted _, Action.PrintValue _, Action.Time _, Action.Join _ -> {
                events++;
                if (budget.takeRecord(System.nanoTime())) {
                    log.accept(records.of(action, content));
                } else {
                    dropped++;
                }
            }
        }
    }

    @Override
    public void emptying(String map) {
        readings.settle(version, map);
    }

    List<MetricData> collect(long now) {
        return open ? readings.metrics().collect(version, values, scope, now) : List.of();
    }

    List<CollectedProfile> profiles(long now) {
        return open ? readings.profiles().collect(version, values, scope, now) : List.of();
    }

    ProbeReport report() {
        ProbeReport.Builder report = ProbeReport.newBuilder()
                .setId(id)
                .setState(state)
                .setEvents(events + lost())
                .setLost(dropped + lost() + full)
                .setMessage(full == 0 ? message : (message.isEmpty() ? "" : message + "; ") + FULL);
        if (budget.measured()) {
            report.setCpuMillionths(budget.millionths()).setCpuMeasured(true);
        }
        return report.build();
    }

    private long lost() {
        if (open) {
            lostInRing = version.session().maps().lost();
            full = version.session().maps().full();
        }
        return lostInRing;
    }

    Optional<Session> session() {
        return open ? Optional.of(version.session()) : Optional.empty();
    }

    void close() {
        if (!open) return;
        lost();
        open = false;
        version.session().close();
    }
}
