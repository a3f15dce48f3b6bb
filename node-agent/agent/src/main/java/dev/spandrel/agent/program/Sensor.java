package dev.spandrel.agent.program;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.BpfObject;
import dev.spandrel.ebpf.BpfProgram;
import dev.spandrel.ebpf.Btf;
import dev.spandrel.ebpf.Link;
import dev.spandrel.ebpf.RingBuffer;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/**
 * Programs and maps loaded as one unit. Between {@link SensorListener#loaded} and the return of {@link SensorListener#unloading}
 * everything here may be used by any thread; a thread that does not know wraps its use in {@link #whileOpen}.
 */
public final class Sensor {
    private static final String FLUSH = "sp_flush";

    private final Backend backend;
    private final BpfObject object;
    private final RingBuffer ring;
    private final ConfigMap configs;
    private final Map<String, Integer> programIds;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean open = true;
    private volatile List<Link> links = List.of();
    private Optional<TlsSensor> tls = Optional.empty();

    Sensor(Backend backend, BpfObject object) {
        this.backend = backend;
        this.object = object;
        this.ring = RingBuffer.open(object.map("sp_ring"));
        var config = object.map("sp_config");
        this.configs = switch (backend) {
            case SOCKLEN -> new CgroupStorage(config);
            case SYSEXIT -> new CgroupHash(config);
        };
        this.programIds =
                object.programs().stream().collect(Collectors.toUnmodifiableMap(BpfProgram::name, BpfProgram::id));
    }

    /** As in the contract. */
    public String backend() {
        return backend.id();
    }

    /** Drained by one thread. */
    public RingBuffer ring() {
        return ring;
    }

    /** Per-CPU hash of struct requests_key → requests_value. */
    public BpfMap requests() {
        return object.map("sp_requests");
    }

    /** Per-CPU array by enum sp_counter. */
    public BpfMap counters() {
        return object.map("sp_counters");
    }

    /** All maps, for figures about their fill. */
    public List<BpfMap> maps() {
        return object.maps();
    }

    public BpfMap rules() {
        return object.map("sp_rules");
    }

    public ConfigMap configs() {
        return configs;
    }

    /** The types the object was compiled with. */
    public Btf btf() {
        return object.btf();
    }

    /** Program name → the kernel's id. The same as long as the object is loaded, whether attached or not. */
    public Map<String, Integer> programIds() {
        return programIds;
    }

    public boolean attached() {
        return !links.isEmpty();
    }

    /** Lets exchanges go whose end only silence can tell, and that have been quiet for so long. */
    public void flush(Duration quiet) {
        whileOpen(() -> {
            try (var arena = Arena.ofConfined()) {
                object.program(FLUSH).run(arena.allocateFrom(JAVA_LONG, quiet.toNanos()));
            }
            tls().ifPresent(beside -> beside.flush(quiet));
        });
    }

    /** What sees the plaintext of TLS, while it is open. */
    public synchronized Optional<TlsSensor> tls() {
        return tls;
    }

    /** Loads it if it is not there; empty while this sensor is not attached. */
    public synchronized Optional<TlsSensor> openTls() {
        if (tls.isEmpty() && attached()) tls = Optional.of(TlsSensor.open(backend, object));
        return tls;
    }

    public synchronized void closeTls() {
        tls.ifPresent(TlsSensor::close);
        tls = Optional.empty();
    }

    /** Runs the action unless the sensor has closed; closing waits for it. */
    public boolean whileOpen(Runnable action) {
        use.readLock().lock();
        try {
            if (open) action.run();
            return open;
        } finally {
            use.readLock().unlock();
        }
    }

    /** The others are run by us, or called by a hook. */
    private static boolean isHook(BpfProgram program) {
        return !program.section().equals("syscall") && !program.name().startsWith("sp_protocol_");
    }

    void attach() {
        if (attached()) return;
        var made = new ArrayList<Link>();
        try {
            for (var program : object.programs()) if (isHook(program)) made.add(program.attach());
        } catch (RuntimeException e) {
            made.forEach(Link::close);
            throw e;
        }
        links = List.copyOf(made);
    }

    void detach() {
        var old = links;
        links = List.of();
        closeTls();
        // The kernel waits for its readers at each: all at once they wait for the same ones.
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("detach-", 1).factory())) {
            old.forEach(link -> threads.execute(link::close));
        }
    }

    void close() {
        detach();
        use.writeLock().lock();
        try {
            open = false;
            ring.close();
            object.close();
        } finally {
            use.writeLock().unlock();
        }
    }
}
