package dev.spandrel.agent.program;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.BpfObject;
import dev.spandrel.ebpf.BpfProgram;
import dev.spandrel.ebpf.Btf;
import dev.spandrel.ebpf.Link;
import dev.spandrel.ebpf.RingBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs and maps loaded as one unit. Between {@link SensorListener#loaded} and the return of {@link SensorListener#unloading}
 * everything here may be used by any thread; a thread that does not know wraps its use in {@link #whileOpen}.
 */
public final class Sensor {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.program");
    private static final String FLUSH = "sp_flush";
    private static final String FORGET = "sp_forget";

    private final Backend backend;
    private final BpfObject object;
    private final MapSizes sizes;
    private final Optional<Path> pins;
    private final boolean adopted;
    private final RingBuffer ring;
    private final Arena mapped = Arena.ofShared();
    private final MemorySegment rates;
    private final ConfigMap configs;
    private final Map<String, Integer> programIds;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean open = true;
    private volatile boolean forgets = true;
    private volatile List<Link> links = List.of();
    private volatile int attachments;
    private CompletableFuture<Void> detached = CompletableFuture.completedFuture(null);
    private volatile Optional<TlsSensor> tls = Optional.empty();

    Sensor(Backend backend, BpfObject object) {
        this(backend, object, MapSizes.AS_BUILT, Optional.empty(), false);
    }

    /** `sizes`: of what is loaded beside it, later; `pins`: where it is pinned; `adopted`: by another agent, and maybe attached. */
    Sensor(Backend backend, BpfObject object, MapSizes sizes, Optional<Path> pins, boolean adopted) {
        this.backend = backend;
        this.object = object;
        this.sizes = sizes;
        this.pins = pins;
        this.adopted = adopted;
        this.ring = RingBuffer.open(object.map("sp_ring"));
        this.rates = object.map("sp_rates").mapped(mapped);
        var config = object.map("sp_config");
        this.configs = switch (backend) {
            case SOCKLEN -> new CgroupStorage(config);
            case SYSEXIT -> new CgroupHash(config);
        };
        this.programIds =
                object.programs().stream().collect(Collectors.toUnmodifiableMap(BpfProgram::name, BpfProgram::id));
        if (adopted) takeLinks();
    }

    /** Those that another agent made; where they are not all it was at it when it ended, and they go. */
    private void takeLinks() {
        links = hooks().flatMap(program -> program.attached(pins.orElseThrow()).stream())
                .toList();
        if (links.size() < hooks().count()) detach();
    }

    private Stream<BpfProgram> hooks() {
        return object.programs().stream().filter(Sensor::isHook);
    }

    Optional<Path> pins() {
        return pins;
    }

    /** Whether it was at work before this agent came: what its maps hold is another's. */
    public boolean adopted() {
        return adopted;
    }

    /** As in the contract. */
    public String backend() {
        return backend.id();
    }

    /** Drained by one thread. */
    public RingBuffer ring() {
        return ring;
    }

    /** By policy, a word each: what of its spans per second is spent. Shared with the kernel. */
    public MemorySegment rates() {
        return rates;
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

    /** Runs of the hooks that the kernel left out because one was at work on that processor already; of all processes, traced or not. */
    public long missed() {
        return object.programs().stream()
                .filter(Sensor::isHook)
                .mapToLong(BpfProgram::missed)
                .sum();
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
            tls.ifPresent(beside -> beside.flush(quiet));
        });
    }

    /** Lets go of what is known of connections that are idle, where that is kept with their sockets; their next request finds them anew. */
    public void forgetIdle() {
        if (backend == Backend.SOCKLEN && forgets) whileOpen(this::forget);
    }

    /** Without it they cost memory until they close, and nothing else. */
    private void forget() {
        try {
            object.program(FORGET).runForEach(object.map("sp_conns"));
        } catch (BpfException e) {
            forgets = false;
            LOG.log(System.Logger.Level.WARNING, "idle connections keep their memory: {0}", e.getMessage());
        }
    }

    /** What sees the plaintext of TLS: made when first asked for, and gone with this sensor. Empty once that is closed. */
    public Optional<TlsSensor> tls() {
        whileOpen(() -> {
            if (tls.isEmpty()) tls = Optional.of(TlsSensor.beside(object, backend, sizes));
        });
        return tls;
    }

    /** How often this sensor was attached: what is attached behind its hooks has to be attached again when they are. */
    public int attachments() {
        return attachments;
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
        return program.section().startsWith("tp_btf/") && !program.name().startsWith("sp_protocol_");
    }

    void attach() {
        if (attached()) return;
        detached.join(); // or both would see what happens meanwhile
        var made = new ArrayList<Link>();
        try {
            hooks().forEach(program -> made.add(pins.isPresent() ? program.attach(pins.get()) : program.attach()));
        } catch (RuntimeException e) {
            made.forEach(Link::close);
            throw e;
        }
        attachments++;
        links = List.copyOf(made);
    }

    /** At once for who asks; the future is done when the kernel has done it. */
    CompletableFuture<Void> detach() {
        var old = links;
        links = List.of();
        if (!old.isEmpty())
            detached = CompletableFuture.runAsync(
                    () -> closeAll(old),
                    task -> Thread.ofPlatform().name("detach").start(task));
        return detached;
    }

    /** The kernel waits for its readers at each: all at once they wait for the same ones. */
    static void closeAll(Collection<Link> links) {
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("detach-", 1).factory())) {
            links.forEach(link -> threads.execute(link::close));
        }
    }

    void close() {
        detach().join();
        end();
        pins.ifPresent(Pins::remove);
    }

    /** Ends for this process alone, where it is pinned. */
    void leave() {
        if (pins.isEmpty()) close();
        else end();
    }

    private void end() {
        use.writeLock().lock();
        try {
            open = false;
            ring.close();
            mapped.close();
            object.close();
            // Its probes may take long to go, and nobody has to wait for that.
            tls.ifPresent(beside -> Thread.ofPlatform().name("tls-close").start(beside::close));
        } finally {
            use.writeLock().unlock();
        }
    }
}
