package dev.spandrel.agent.probe;

import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.probe.live.facts.HostFacts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Probes of files are attached also to those that selected processes have had only since. Of one thread. */
final class FileWatch {
    private static final Logger LOG = Logger.getLogger(FileWatch.class);

    /** How long selected processes may have a file before its probes are attached. */
    static final long PERIOD = Duration.ofSeconds(1).toNanos();

    /** Puts a version in the place of the one that runs. */
    interface Attacher {
        Optional<Rejection> attach(
                String id,
                ProbeSetConfig set,
                ProbeConfig probe,
                Preparation.Taken taken,
                Optional<RunningProbe> before,
                Set<Long> cgroups);
    }

    private final Prepared prepared;
    private final Attacher attacher;
    private long looked;

    FileWatch(Prepared prepared, Attacher attacher) {
        this.prepared = prepared;
        this.attacher = attacher;
    }

    /**
     * True when one was attached.
     *
     * @param place cgroups by set, as they are now
     */
    boolean doWork(
            List<ProbeSetConfig> sets,
            Map<String, RunningProbe> running,
            Supplier<Map<String, Set<Long>>> place,
            long now) {
        if (now - looked < PERIOD || running.values().stream().noneMatch(RunningProbe::followsFiles)) {
            return false;
        }
        looked = now;
        boolean news = false;
        Map<String, Set<Long>> selected = place.get();
        for (ProbeSetConfig set : sets) {
            Set<Long> cgroups = selected.get(set.getName());
            for (ProbeConfig probe : set.getProbesList()) {
                RunningProbe one = running.get(ProbeRuns.id(set, probe));
                if (one != null && one.followsFiles() && one.config().equals(probe)) {
                    news |= follow(set, one, cgroups, prepared.facts(set, cgroups));
                }
            }
        }
        return news;
    }

    private boolean follow(ProbeSetConfig set, RunningProbe one, Set<Long> cgroups, HostFacts facts) {
        if (!facts.executables().hasMoreThan(one.files())) return false;
        one.sawFiles(facts.executables().asked());
        Optional<Rejection> rejected = switch (prepared.compile(one.id(), set, one.config(), Optional.of(one), facts)) {
            case Preparation.Refused(Rejection rejection) -> Optional.of(rejection);
            case Preparation.Taken ready ->
                attacher.attach(one.id(), set, one.config(), ready, Optional.of(one), cgroups);
        };
        rejected.ifPresent(
                why -> LOG.warnf("%s goes on without files that came later: %s", one.id(), why.getMessage()));
        return rejected.isEmpty();
    }
}
