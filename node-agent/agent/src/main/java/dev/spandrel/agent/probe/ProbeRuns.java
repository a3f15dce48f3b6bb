package dev.spandrel.agent.probe;

import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.agent.span.WallClock;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.ProbeState;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.probe.live.session.Refusal;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Makes what runs what is wanted. Of one thread. */
final class ProbeRuns {
    private static final Logger LOG = Logger.getLogger(ProbeRuns.class);

    private final Selection selection;
    private final Owners owners;
    private final InstantSource wallClock;
    private final WallClock clock = WallClock.system();
    private final RunTime runTime = new RunTime();
    private final Attaching attaching;

    private List<ProbeSetConfig> sets = List.of();
    private List<Workload> probed = List.of();
    private final Map<String, RunningProbe> running = new TreeMap<>();
    private final Prepared prepared;
    private final FileWatch files;
    private final LastWords lastWords = new LastWords();

    ProbeRuns(
            CgroupTree tree,
            WorkloadIndex traced,
            String hostName,
            InstantSource wallClock,
            Supplier<Map<String, BpfMap>> threads,
            Consumer<PrintedRecord> log) {
        WorkloadIndex index = new WorkloadIndex();
        this.selection = new Selection(tree, index);
        this.owners = new Owners(index, traced, hostName);
        this.wallClock = wallClock;
        this.prepared = new Prepared(tree, threads);
        this.files = new FileWatch(prepared, this::attach);
        this.attaching = new Attaching(owners, clock, this::wallNanos, lastWords, log);
    }

    boolean isEmpty() {
        return running.isEmpty() && prepared.isEmpty();
    }

    List<Rejection> apply(List<ProbeSetConfig> wanted, List<Workload> workloads) {
        clock.refresh();
        sets = List.copyOf(wanted);
        probed = List.copyOf(workloads);
        Set<String> ids = sets.stream()
                .flatMap(set -> set.getProbesList().stream().map(probe -> id(set, probe)))
                .collect(Collectors.toSet());
        running.keySet().stream().filter(id -> !ids.contains(id)).toList().forEach(this::end);
        prepared.keep(ids);
        List<Rejection> rejected = new ArrayList<>();
        Map<String, Set<Long>> selected = place();
        for (ProbeSetConfig set : sets) {
            if (isOver(set)) continue;
            for (ProbeConfig probe : set.getProbesList()) {
                take(set, probe, selected.get(set.getName())).ifPresent(rejected::add);
            }
        }
        select(selected);
        return rejected;
    }

    static String id(ProbeSetConfig set, ProbeConfig probe) {
        return "probe/" + set.getName() + "/" + probe.getName();
    }

    private Optional<Rejection> take(ProbeSetConfig set, ProbeConfig probe, Set<Long> cgroups) {
        String id = id(set, probe);
        RunningProbe before = running.get(id);
        if (before != null && before.config().equals(probe) && before.isWholeNode() == set.getWholeNode()) {
            prepared.discard(id);
            return Optional.empty();
        }
        return switch (prepared.of(id, set, probe, Optional.ofNullable(before), cgroups)) {
            case Preparation.Refused(Rejection rejection) -> Optional.of(rejection);
            case Preparation.Taken ready ->
                set.getAttach()
                        ? attach(id, set, probe, ready, Optional.ofNullable(before), cgroups)
                        : Optional.empty();
        };
    }

    private Optional<Rejection> attach(
            String id,
            ProbeSetConfig set,
            ProbeConfig probe,
            Preparation.Taken taken,
            Optional<RunningProbe> before,
            Set<Long> cgroups) {
        prepared.take(id);
        try {
            running.put(
                    id, attaching.attach(new Attaching.Place(id, probe, set.getWholeNode(), before), taken, cgroups));
            return Optional.empty();
        } catch (Refusal e) {
            return Optional.of(Preparation.refused(id, e));
        } catch (BpfException e) {
            return Optional.of(Preparation.refused(id, new Refusal(e.getMessage())));
        }
    }

    /** Its last words may not be had; its programs go in any case. */
    private void end(String id) {
        prepared.discard(id);
        RunningProbe ended = running.remove(id);
        try {
            ended.doWork();
            ended.stop(ProbeState.PROBE_STATE_ENDED, "");
            lastWords.of(ended, wallNanos());
        } catch (RuntimeException e) {
            LOG.errorf(e, "what %s gathered last is lost", id);
        } finally {
            ended.close();
        }
    }

    /** Cgroups may have come or gone. */
    void select() {
        if (!sets.isEmpty()) select(place());
    }

    private void select(Map<String, Set<Long>> selected) {
        for (ProbeSetConfig set : sets) {
            for (ProbeConfig probe : set.getProbesList()) {
                RunningProbe one = running.get(id(set, probe));
                if (one != null) one.select(selected.get(set.getName()));
            }
        }
    }

    private Map<String, Set<Long>> place() {
        Map<String, Set<Long>> selected = selection.of(sets, probed);
        owners.clear();
        return selected;
    }

    /** Takes in what was said; true when there may be something new to report. */
    boolean doWork() {
        long now = System.nanoTime();
        running.values().forEach(RunningProbe::doWork);
        boolean news = runTime.doWork(running.values(), now) | files.doWork(sets, running, this::place, now);
        clock.refresh();
        return endExpired() || news;
    }

    private boolean endExpired() {
        boolean news = false;
        for (ProbeSetConfig set : sets) {
            if (!isOver(set)) continue;
            for (ProbeConfig probe : set.getProbesList()) {
                RunningProbe one = running.get(id(set, probe));
                prepared.discard(id(set, probe));
                if (one != null && one.isOpen()) {
                    one.doWork();
                    one.stop(ProbeState.PROBE_STATE_ENDED, "its time is over");
                    lastWords.of(one, wallNanos());
                    one.close();
                    news = true;
                    LOG.infof("%s has ended by itself", one.id());
                }
            }
        }
        return news;
    }

    private boolean isOver(ProbeSetConfig set) {
        return set.getEndsAtUnixMillis() != 0 && set.getEndsAtUnixMillis() <= wallClock.millis();
    }

    List<ProbeReport> reports() {
        Map<String, ProbeReport> reports = new TreeMap<>();
        prepared.ids()
                .forEach(id -> reports.put(
                        id,
                        ProbeReport.newBuilder()
                                .setId(id)
                                .setState(ProbeState.PROBE_STATE_CHECKED)
                                .build()));
        running.forEach((id, one) -> reports.put(id, one.report()));
        return List.copyOf(reports.values());
    }

    List<MetricData> collect() {
        List<MetricData> metrics = lastWords.metrics();
        running.values().forEach(one -> metrics.addAll(one.collect(wallNanos())));
        return metrics;
    }

    /** Stacks that were counted since this was asked before. */
    List<CollectedProfile> profiles() {
        List<CollectedProfile> profiles = lastWords.profiles();
        running.values().forEach(one -> profiles.addAll(one.profiles(wallNanos())));
        return profiles;
    }

    private long wallNanos() {
        return wallClock.millis() * 1_000_000;
    }

    void close() {
        runTime.close();
        List.copyOf(running.keySet()).forEach(this::end);
        prepared.keep(Set.of());
    }
}
