package dev.spandrel.agent.tls;

import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.TlsSensor;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.Link;
import dev.spandrel.ebpf.OpenFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Puts probes on the TLS libraries that traced processes map, once for each file, and takes them away when nobody maps it any more. */
public final class TlsProbes {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.tls");
    /** Programs that are started again and again keep their probes in between. */
    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();

    private record Probed(Found found, List<Link> links, long seen) {
        Probed at(long now) {
            return new Probed(found, links, now);
        }
    }

    /** To which sensor, at which of its attachments. */
    private record Attached(TlsSensor tls, Sensor beside, int attachments) {
        boolean holds(Sensor loaded) {
            return beside == loaded && attachments == loaded.attachments();
        }
    }

    private final Supplier<Optional<Sensor>> sensor;
    private final Supplier<? extends Collection<Cgroup>> traced;
    private final Watched watched = new Watched();
    private final Map<String, Probed> files = new HashMap<>();
    private Optional<Attached> attached = Optional.empty();
    private boolean unsupported;
    private volatile TlsFigures figures = TlsFigures.NONE;

    public TlsProbes(Supplier<Optional<Sensor>> sensor, Supplier<? extends Collection<Cgroup>> traced) {
        this.sensor = sensor;
        this.traced = traced;
    }

    public TlsFigures figures() {
        return figures;
    }

    /** Looks once; called again and again by one thread. */
    public void doWork(long now) {
        if (unsupported) return;
        var wanted = sensor.get()
                .filter(Sensor::attached)
                .filter(loaded -> !traced.get().isEmpty());
        if (attached.isPresent() && !wanted.filter(attached.get()::holds).isPresent()) detach();
        wanted.ifPresent(loaded -> follow(loaded, watched.look(traced.get(), now), now));
        figures = figures(files.values());
    }

    /** All of it, for good or until the next look. */
    public void detach() {
        attached.ifPresent(it -> it.tls.detach());
        attached = Optional.empty();
        files.clear();
    }

    private void follow(Sensor loaded, Set<Mapping> mapped, long now) {
        var present = new HashSet<String>();
        for (var mapping : mapped) {
            present.add(mapping.identity());
            var known = files.get(mapping.identity());
            if (known != null) files.put(mapping.identity(), known.at(now));
            else
                watched.open(mapping)
                        .ifPresent(file -> files.put(mapping.identity(), probe(loaded, mapping, file, now)));
        }
        files.entrySet()
                .removeIf(file -> !present.contains(file.getKey())
                        && now - file.getValue().seen > KEPT_NANOS
                        && detach(file.getValue()));
    }

    private boolean detach(Probed file) {
        attached.ifPresent(it -> it.tls.detach(file.links));
        return true;
    }

    private Probed probe(Sensor loaded, Mapping mapping, OpenFile file, long now) {
        try (file) {
            var found = Examination.of(file.path());
            return switch (found) {
                case Found.Nothing nothing -> new Probed(nothing, List.of(), now);
                case Found.Refused refused -> refuse(refused, mapping, now);
                case Found.Library library -> attach(loaded, library, mapping, file, now);
            };
        }
    }

    private Probed attach(Sensor loaded, Found.Library library, Mapping mapping, OpenFile file, long now) {
        var links = new ArrayList<Link>();
        try {
            if (attached.isEmpty()) attached = attachTo(loaded);
            if (attached.isEmpty()) return new Probed(library, links, now);
            for (var spot : library.spots())
                attached.get().tls.attach(spot.program(), spot.in(file.path())).ifPresent(links::add);
            LOG.log(
                    System.Logger.Level.INFO,
                    "TLS of {0} is seen: {1}, {2} probes",
                    mapping.name(),
                    library.library(),
                    links.size());
            return new Probed(library, links, now);
        } catch (BpfException e) {
            unsupported = attached.isEmpty();
            attached.ifPresent(it -> it.tls.detach(links));
            return refuse(new Found.Refused(library.library(), Cause.KERNEL, e.getMessage()), mapping, now);
        }
    }

    private static Optional<Attached> attachTo(Sensor loaded) {
        int attachments = loaded.attachments();
        var tls = loaded.tls();
        try {
            return tls.filter(TlsSensor::attach).map(beside -> new Attached(beside, loaded, attachments));
        } catch (BpfException e) {
            tls.ifPresent(TlsSensor::detach);
            throw e;
        }
    }

    private static Probed refuse(Found.Refused refused, Mapping mapping, long now) {
        LOG.log(
                System.Logger.Level.WARNING,
                "TLS of {0} ({1}) is not seen: {2}",
                mapping.name(),
                refused.library(),
                refused.reason());
        return new Probed(refused, List.of(), now);
    }

    private static TlsFigures figures(Collection<Probed> files) {
        var probed = new TreeMap<String, Long>();
        var refused = new HashMap<TlsFigures.Refusal, Long>();
        for (var file : files) {
            if (file.found instanceof Found.Library(var library, var spots)) probed.merge(library, 1L, Long::sum);
            if (file.found instanceof Found.Refused(var library, var cause, var reason))
                refused.merge(new TlsFigures.Refusal(library, cause), 1L, Long::sum);
        }
        return new TlsFigures(probed, refused);
    }
}
