package dev.spandrel.agent.program;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.BpfObject;
import dev.spandrel.probe.type.RequestContext;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The maps in which the data path keeps what threads and goroutines answer. Once somebody has asked for them they outlast each {@link Sensor}, so that who asks need not follow its comings and
 * goings. Any thread.
 */
public final class Threads implements AutoCloseable {
    private static final List<String> MAPS =
            List.of(RequestContext.REQUESTS, RequestContext.GOROUTINES, RequestContext.ENDINGS);

    private final MapSizes sizes;
    private final Supplier<Optional<Path>> pinned;
    private Optional<BpfObject> object = Optional.empty();
    private boolean asked;

    /** None that another agent left. */
    public Threads() {
        this(MapSizes.AS_BUILT, Optional::empty);
    }

    /** `pinned`: where another agent's maps are that a sensor will go on with. */
    Threads(MapSizes sizes, Supplier<Optional<Path>> pinned) {
        this.sizes = sizes;
        this.pinned = pinned;
    }

    /** By name, made when they are first asked for. */
    public synchronized Map<String, BpfMap> maps() {
        asked = true;
        BpfObject loaded = object();
        return MAPS.stream().collect(Collectors.toUnmodifiableMap(name -> name, loaded::map));
    }

    /** Before it is loaded: what threads answer is kept here. */
    synchronized void shareWith(BpfObject sensor) {
        for (BpfMap map : sensor.maps()) {
            if (MAPS.contains(map.name())) sensor.share(object(), map.name());
        }
    }

    /** Nobody looks any more: what threads answered until now is not known to go on. */
    synchronized void end() {
        object.ifPresent(loaded -> {
            BpfMap endings = loaded.map(RequestContext.ENDINGS);
            try (Arena arena = Arena.ofConfined()) {
                var now = arena.allocateFrom(JAVA_LONG, System.nanoTime());
                var key = arena.allocate(JAVA_INT);
                for (int i = 0; i < endings.maxEntries(); i++) {
                    key.set(JAVA_INT, 0, i);
                    endings.update(key, now);
                }
            }
        });
    }

    /** The sensor is gone: so are these, unless somebody else has them. */
    synchronized void release() {
        if (!asked) close();
    }

    private BpfObject object() {
        if (object.isEmpty()) object = Optional.of(load());
        return object.get();
    }

    private BpfObject load() {
        BpfObject opened = BpfObject.open(Sensors.packaged("threads"), "spandrel_thr");
        List<String> differences = LayoutCheck.struct(opened.btf(), "task_context", RequestContext.OF_AGENT.members());
        try {
            sizes.apply(opened);
            if (differences.isEmpty()) return pinned.get().map(opened::adopt).orElseGet(opened::load);
        } catch (BpfException e) {
            opened.close();
            throw e;
        }
        opened.close();
        throw new UnsupportedKernelException(
                "what threads answer is not laid out as probes read it: " + String.join(", ", differences));
    }

    @Override
    public synchronized void close() {
        object.ifPresent(BpfObject::close);
        object = Optional.empty();
    }
}
