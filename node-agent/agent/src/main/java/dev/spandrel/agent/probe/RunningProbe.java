package dev.spandrel.agent.probe;

import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.ProbeState;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A probe that is attached, or was: its program, what it said and took. Of one thread. */
final class RunningProbe {
    private static final String FULL = "a map of it is full and takes no new keys: raise mapMemory or use fewer";

    private final String id;
    private final ProbeConfig config;
    private final boolean wholeNode;
    private final Program program;
    private final Budget budget;
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
            Program program,
            String note,
            Consumer<PrintedRecord> log) {
        this.id = id;
        this.config = config;
        this.wholeNode = wholeNode;
        this.program = program;
        this.message = note;
        this.files = program.files();
        this.budget = new Budget(config.getLimits());
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
        if (open) program.select(cgroups);
    }

    /** Takes in what it has said; one that wants to end is ended. */
    void doWork() {
        if (open && state == ProbeState.PROBE_STATE_ATTACHED && !program.poll(this::print)) {
            stop(ProbeState.PROBE_STATE_ENDED, "its program called exit()");
        }
    }

    void measureFrom(long now) {
        if (open) budget.begin(program.statistics(), now);
    }

    void measureTo(boolean counting, long now) {
        if (!open || state != ProbeState.PROBE_STATE_ATTACHED) return;
        budget.end(program.statistics(), counting, now);
        if (budget.isOver()) {
            stop(ProbeState.PROBE_STATE_STOPPED, budget.excess() + ": stopped until the set changes");
        }
    }

    /** Detached; what it gathered can still be read. */
    void stop(ProbeState why, String words) {
        if (state != ProbeState.PROBE_STATE_ATTACHED) return;
        program.stop(this::print);
        state = why;
        message = words;
    }

    private void print(Supplier<PrintedRecord> record) {
        events++;
        if (budget.takeRecord(System.nanoTime())) {
            log.accept(record.get());
        } else {
            dropped++;
        }
    }

    List<MetricData> collect(long now) {
        return open ? program.metrics(now) : List.of();
    }

    List<CollectedProfile> profiles(long now) {
        return open ? program.profiles(now) : List.of();
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
            lostInRing = program.lost();
            full = program.full();
        }
        return lostInRing;
    }

    /** In the probe language, and still in the kernel. */
    Optional<WrittenProgram> written() {
        return open && program instanceof WrittenProgram one ? Optional.of(one) : Optional.empty();
    }

    void close() {
        if (!open) return;
        lost();
        open = false;
        program.close();
    }
}
