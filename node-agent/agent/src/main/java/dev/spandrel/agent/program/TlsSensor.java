package dev.spandrel.agent.program;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.ebpf.BpfObject;
import dev.spandrel.ebpf.Feature;
import dev.spandrel.ebpf.Features;
import dev.spandrel.ebpf.Link;
import dev.spandrel.ebpf.UprobePlace;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The programs that see the plaintext of TLS libraries, beside a {@link Sensor} whose maps they share, and loaded as long as it. One thread loads, attaches and detaches; nobody waits
 * for it but who closes.
 */
public final class TlsSensor {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.program");
    private static final List<String> SHARED = List.of(
            "sp_config",
            "sp_conns",
            "sp_rules",
            "sp_tasks",
            "sp_void",
            "sp_goroutines",
            "sp_handed",
            "sp_carry",
            "sp_heads",
            "sp_pipeline",
            "sp_requests",
            "sp_rates",
            "sp_counters",
            "sp_ring");

    private final BpfObject object;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private volatile boolean loaded;
    private boolean open = true;

    private TlsSensor(BpfObject object) {
        this.object = object;
    }

    /** Not loaded yet: only what the two share needs the other one. */
    static TlsSensor beside(BpfObject other, Backend backend, MapSizes sizes) {
        var object = BpfObject.openForTwo(Sensors.packaged("tls_" + backend.id()), "spandrel_tls");
        try {
            sizes.apply(object);
            SHARED.forEach(map -> object.share(other, map));
            object.global("sp_agent_pid")
                    .set(JAVA_INT, 0, (int) ProcessHandle.current().pid());
            if (Features.uprobeLinks() instanceof Feature.Supported)
                for (var program : object.programs()) if (program.section().equals("uprobe")) program.attachByLink();
            return new TlsSensor(object);
        } catch (RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** Loads what is not loaded, and attaches what watches sockets; false once it is closed. */
    public boolean attach() {
        return whileOpen(() -> {
            if (!loaded) load();
            for (var program : object.programs())
                if (program.section().startsWith("tp_btf")) links.add(program.attach());
        });
    }

    private void load() {
        long start = System.nanoTime();
        Loading.load(object);
        loaded = true;
        var millis = Long.toString(Duration.ofNanos(System.nanoTime() - start).toMillis());
        LOG.log(System.Logger.Level.INFO, "programs for TLS loaded in " + millis + " ms");
    }

    /** Empty once it is closed. */
    public Optional<Link> attach(String program, UprobePlace place) {
        var made = new Link[1];
        whileOpen(() -> links.add(made[0] = object.program(program).attach(place)));
        return Optional.ofNullable(made[0]);
    }

    public void detach(Collection<Link> some) {
        links.removeAll(some);
        Sensor.closeAll(some);
    }

    /** All of it; what is loaded stays. */
    public void detach() {
        detach(List.copyOf(links));
    }

    void flush(Duration quiet) {
        if (!loaded) return;
        whileOpen(() -> {
            try (var arena = Arena.ofConfined()) {
                object.program("sp_flush").run(arena.allocateFrom(JAVA_LONG, quiet.toNanos()));
            }
        });
    }

    void close() {
        use.writeLock().lock();
        try {
            if (!open) return;
            open = false;
            detach();
            object.close();
        } finally {
            use.writeLock().unlock();
        }
    }

    private boolean whileOpen(Runnable action) {
        use.readLock().lock();
        try {
            if (open) action.run();
            return open;
        } finally {
            use.readLock().unlock();
        }
    }
}
