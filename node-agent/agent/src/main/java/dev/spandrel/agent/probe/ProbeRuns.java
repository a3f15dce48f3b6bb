package dev.spandrel.agent.probe;

import dev.spandrel.agent.span.WallClock;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.Placement;
import dev.spandrel.agent.workload.Selected;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.ProbeState;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.session.Refusal;
import dev.spandrel.probe.live.session.Session;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

    private final CgroupTree tree;
    private final WorkloadIndex index = new WorkloadIndex();
    private final Owners owners;
    private final InstantSource wallClock;
    private final WallClock clock = WallClock.system();
    private final RunTime runTime = new RunTime();
    private final Consumer<PrintedRecord> log;
    private final Supplier<Map<String, BpfMap>> threads;

    private List<ProbeSetConfig> sets = List.of();
    private List<Workload> probed = List.of();
    private final Map<String, RunningProbe> running = new TreeMap<>();
    private final Map<String, Prepared> prepared = new HashMap<>();
    private final List<MetricData> lastWords = new ArrayList<>();
    private int versions;

    /** Taken by the kernel, and waiting for leave to be attached. */
    private record Prepared(ProbeConfig config, boolean wholeNode, Preparation.Ready ready) {}

    ProbeRuns(
            CgroupTree tree,
            WorkloadIndex traced,
            String hostName,
            InstantSource wallClock,
            Supplier<Map<String, BpfMap>> threads,
            Consumer<PrintedRecord> log) {
        this.tree = tree;
        this.owners = new Owners(index, traced, hostName);
        this.wallClock = wallClock;
        this.threads = threads;
        this.log = log;
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
        prepared.keySet().stream().filter(id -> !ids.contains(id)).toList().forEach(this::discard);
        List<Rejection> rejected = new ArrayList<>();
        Map<String, Set<Long>> selection = place();
        for (ProbeSetConfig set : sets) {
            if (isOver(set)) continue;
            for (ProbeConfig probe : set.getProbesList()) {
                take(set, probe, selection.get(set.getName())).ifPresent(rejected::add);
            }
        }
        select(selection);
        return rejected;
    }

    private static String id(ProbeSetConfig set, ProbeConfig probe) {
        return "probe/" + set.getName() + "/" + probe.getName();
    }

    private Optional<Rejection> take(ProbeSetConfig set, ProbeConfig probe, Set<Long> cgroups) {
        String id = id(set, probe);
        RunningProbe before = running.get(id);
        if (before != null && before.config().equals(probe) && before.isWholeNode() == set.getWholeNode()) {
            discard(id);
            return Optional.empty();
        }
        return switch (prepare(id, set, probe, Optional.ofNullable(before), cgroups)) {
            case Preparation.Refused(Rejection rejection) -> Optional.of(rejection);
            case Preparation.Ready ready ->
                set.getAttach()
                        ? attach(id, set, probe, ready, Optional.ofNullable(before), cgroups)
                        : Optional.empty();
        };
    }

    private Preparation prepare(
            String id, ProbeSetConfig set, ProbeConfig probe, Optional<RunningProbe> before, Set<Long> cgroups) {
        Prepared known = prepared.get(id);
        if (known != null && known.config.equals(probe) && known.wholeNode == set.getWholeNode()) {
            return known.ready;
        }
        discard(id);
        Preparation preparation = Preparation.of(
                id,
                probe,
                Files.needed(probe.getProgram())
                        ? Live.FACTS.within(set.getWholeNode() ? Files.OF_HOST : Files.of(cgroups, tree.all()))
                        : Live.FACTS,
                new Options.Managed(++versions, !set.getWholeNode()),
                before.flatMap(RunningProbe::session),
                threads.get());
        if (preparation instanceof Preparation.Ready ready) {
            prepared.put(id, new Prepared(probe, set.getWholeNode(), ready));
        }
        return preparation;
    }

    /** The new one is attached and selects before it takes over, and only then is the old one detached. */
    private Optional<Rejection> attach(
            String id,
            ProbeSetConfig set,
            ProbeConfig probe,
            Preparation.Ready ready,
            Optional<RunningProbe> before,
            Set<Long> cgroups) {
        prepared.remove(id);
        Session session = ready.version().session();
        Optional<Session> old = before.flatMap(RunningProbe::session);
        try {
            session.select(cgroups);
            session.start();
        } catch (Refusal e) {
            session.close();
            return Optional.of(Preparation.refused(id, e));
        } catch (BpfException e) {
            session.close();
            return Optional.of(Preparation.refused(id, new Refusal(e.getMessage())));
        }
        ProbeMetrics metrics = before.map(RunningProbe::metrics)
                .filter(_ -> before.get().config().getExport().equals(probe.getExport()))
                .orElseGet(() -> new ProbeMetrics(probe.getName(), probe.getExport(), owners, wallNanos()));
        Set<String> lost = new HashSet<>();
        before.ifPresent(one -> one.version().session().maps().own().forEach(map -> lost.add(map.name())));
        lost.removeAll(session.maps().borrowed());
        RunningProbe next = new RunningProbe(id, probe, set.getWholeNode(), ready, metrics, owners, clock, log);
        before.ifPresent(one -> {
            one.doWork();
            if (!lost.isEmpty()) lastWords.addAll(one.collect(wallNanos()));
        });
        session.takeOver(old, ready.version().number());
        before.ifPresent(RunningProbe::close);
        metrics.restart(lost, wallNanos());
        running.put(id, next);
        return Optional.empty();
    }

    private void end(String id) {
        RunningProbe ended = running.remove(id);
        discard(id);
        ended.doWork();
        ended.stop(ProbeState.PROBE_STATE_ENDED, "");
        lastWords.addAll(ended.collect(wallNanos()));
        ended.close();
    }

    private void discard(String id) {
        Prepared waiting = prepared.remove(id);
        if (waiting != null) waiting.ready.version().session().close();
    }

    /** Cgroups may have come or gone. */
    void select() {
        if (!sets.isEmpty()) select(place());
    }

    private void select(Map<String, Set<Long>> selection) {
        for (ProbeSetConfig set : sets) {
            for (ProbeConfig probe : set.getProbesList()) {
                RunningProbe one = running.get(id(set, probe));
                if (one != null) one.select(selection.get(set.getName()));
            }
        }
    }

    /** Set to the ids of the cgroups that it sees: those of its workloads and all below. */
    private Map<String, Set<Long>> place() {
        var cgroups = tree.all();
        Placement placement = new Placement(cgroups);
        Map<String, Set<Long>> byWorkload = new HashMap<>();
        Map<Long, WorkloadIndex.Place> places = new HashMap<>();
        for (Workload workload : probed) {
            Selected selected = Selected.of(workload);
            placement
                    .of(workload)
                    .ifPresent(root -> below(root, cgroups).forEach(cgroup -> {
                        byWorkload
                                .computeIfAbsent(workload.getId(), _ -> new HashSet<>())
                                .add(cgroup.id());
                        places.put(cgroup.id(), new WorkloadIndex.Place(cgroup.path(), selected));
                    }));
        }
        index.replace(places);
        owners.clear();
        Map<String, Set<Long>> selection = new HashMap<>();
        for (ProbeSetConfig set : sets) {
            selection.put(
                    set.getName(),
                    set.getWorkloadsList().stream()
                            .flatMap(id -> byWorkload.getOrDefault(id, Set.of()).stream())
                            .collect(Collectors.toSet()));
        }
        return selection;
    }

    private static List<Cgroup> below(Cgroup root, java.util.Collection<Cgroup> cgroups) {
        return cgroups.stream()
                .filter(cgroup ->
                        cgroup.path().equals(root.path()) || cgroup.path().startsWith(root.path() + "/"))
                .toList();
    }

    /** Takes in what was said; true when there may be something new to report. */
    boolean doWork() {
        long now = System.nanoTime();
        running.values().forEach(RunningProbe::doWork);
        boolean news = runTime.doWork(running.values(), now);
        clock.refresh();
        return endExpired() || news;
    }

    private boolean endExpired() {
        boolean news = false;
        for (ProbeSetConfig set : sets) {
            if (!isOver(set)) continue;
            for (ProbeConfig probe : set.getProbesList()) {
                RunningProbe one = running.get(id(set, probe));
                discard(id(set, probe));
                if (one != null && one.isOpen()) {
                    one.doWork();
                    one.stop(ProbeState.PROBE_STATE_ENDED, "its time is over");
                    lastWords.addAll(one.collect(wallNanos()));
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
        prepared.keySet()
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
        List<MetricData> metrics = new ArrayList<>(lastWords);
        lastWords.clear();
        running.values().forEach(one -> metrics.addAll(one.collect(wallNanos())));
        return metrics;
    }

    private long wallNanos() {
        return wallClock.millis() * 1_000_000;
    }

    void close() {
        runTime.close();
        List.copyOf(running.keySet()).forEach(this::end);
        List.copyOf(prepared.keySet()).forEach(this::discard);
    }
}
