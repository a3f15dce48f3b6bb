package dev.spandrel.agent.program;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfObject;
import dev.spandrel.ebpf.Btf;
import dev.spandrel.ebpf.DirectoryLock;
import dev.spandrel.ebpf.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * At most one loaded sensor. Moved between its states by one thread, the control half's; {@link #current} may be asked by any.
 */
public final class Sensors implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.program");

    private static final String AGENT_PID = "sp_agent_pid";

    private final Backend.Choice choice;
    private final Function<Backend, byte[]> objects;
    private final MapSizes sizes;
    private final Optional<Pins> pins;
    private final SensorListener listener;
    private final Function<Sensor, List<String>> check;
    private final Runnable beforeAttaching;
    private Optional<DirectoryLock> lock = Optional.empty();
    private final Threads threads;
    private volatile Optional<Sensor> current = Optional.empty();

    /** `check` gives the differences between what the control half writes and what the object reads. */
    public Sensors(Backend.Choice choice, SensorListener listener, Function<Sensor, List<String>> check) {
        this(choice, Sensors::packaged, MapSizes.AS_BUILT, Optional.empty(), listener, check, () -> {});
    }

    /** With maps of those sizes, pinned in a directory or not, and something to wait for before it is attached; what is pinned there may be attached already. */
    public Sensors(
            Backend.Choice choice,
            MapSizes sizes,
            Optional<Path> pins,
            SensorListener listener,
            Function<Sensor, List<String>> check,
            Runnable beforeAttaching) {
        this(choice, Sensors::packaged, sizes, pins.map(Pins::new), listener, check, beforeAttaching);
    }

    /** With BPF objects other than the packaged ones. */
    public Sensors(
            Backend.Choice choice,
            Function<Backend, byte[]> objects,
            SensorListener listener,
            Function<Sensor, List<String>> check) {
        this(choice, objects, MapSizes.AS_BUILT, Optional.empty(), listener, check, () -> {});
    }

    private Sensors(
            Backend.Choice choice,
            Function<Backend, byte[]> objects,
            MapSizes sizes,
            Optional<Pins> pins,
            SensorListener listener,
            Function<Sensor, List<String>> check,
            Runnable beforeAttaching) {
        this.choice = choice;
        this.objects = objects;
        this.sizes = sizes;
        this.pins = pins;
        this.listener = listener;
        this.check = check;
        this.beforeAttaching = beforeAttaching;
        this.threads = new Threads(sizes, this::pinned);
    }

    public Backend.Choice choice() {
        return choice;
    }

    public Optional<Sensor> current() {
        return current;
    }

    /** What threads answer, whether a sensor is loaded or not. */
    public Threads threads() {
        return threads;
    }

    /** Loaded; attached as before. */
    public Sensor load() {
        if (current.isPresent()) return current.get();
        if (pins.isPresent()) {
            beforeAttaching.run();
            if (!locked()) throw new UnsupportedKernelException(inUse(pins.get().directory()));
        }
        long start = System.nanoTime();
        var sensor = open(backend());
        var differences = check.apply(sensor);
        if (!differences.isEmpty()) {
            sensor.close();
            throw new UnsupportedKernelException(
                    "the BPF object does not fit this agent: " + String.join(", ", differences));
        }
        try {
            listener.loaded(sensor);
        } catch (RuntimeException e) {
            sensor.close();
            throw e;
        }
        current = Optional.of(sensor);
        if (sensor.attached()) removeOthers(sensor);
        var millis = Long.toString(Duration.ofNanos(System.nanoTime() - start).toMillis());
        LOG.log(
                System.Logger.Level.INFO,
                "programs " + (sensor.adopted() ? "found" : "loaded") + " in " + millis + " ms, backend "
                        + sensor.backend() + ": " + sensor.programIds());
        return sensor;
    }

    /** Agents that share a state folder have turns; of others nothing else is known. */
    private boolean locked() {
        if (lock.isEmpty()) lock = pins.flatMap(directory -> DirectoryLock.of(directory.directory()));
        return lock.isPresent();
    }

    /** Why an agent cannot use a directory for what it pins, if another one does that is at work now. */
    public static Optional<String> inUseByAnother(Path pins) {
        var nobody = DirectoryLock.of(pins);
        nobody.ifPresent(DirectoryLock::close);
        return nobody.isPresent() ? Optional.empty() : Optional.of(inUse(pins));
    }

    private static String inUse(Path pins) {
        return "--pin: another agent is at work with " + pins
                + "; one that is to take its place needs the same --state-dir, any other a directory of its own";
    }

    /** Attaches what is loaded, or detaches it. */
    public void attach(boolean attached) {
        current.ifPresent(sensor -> {
            if (sensor.attached() == attached) return;
            if (attached) attach(sensor);
            else sensor.detach().thenRun(threads::end);
            LOG.log(System.Logger.Level.INFO, attached ? "programs attached" : "programs detached");
        });
    }

    private void attach(Sensor sensor) {
        beforeAttaching.run();
        try {
            sensor.attach();
            removeOthers(sensor);
        } catch (BpfException e) {
            throw new UnsupportedKernelException(e.getMessage(), e);
        }
    }

    /** What is pinned of another build, or with another ring: this one is at work now. */
    private void removeOthers(Sensor sensor) {
        pins.ifPresent(directory -> directory.removeAllBut(sensor.pins()));
    }

    /** Detached, read to the end by the listener, and gone from the kernel. */
    public void unload() {
        var sensor = current.orElse(null);
        if (sensor == null) {
            if (locked()) pins.orElseThrow().removeAllBut(Optional.empty());
            return;
        }
        sensor.detach().join();
        current = Optional.empty();
        try {
            listener.unloading(sensor);
        } finally {
            threads.end();
            sensor.close();
            threads.release();
            LOG.log(System.Logger.Level.INFO, "programs unloaded");
        }
    }

    /** What is pinned stays at work for the next agent. */
    @Override
    public void close() {
        if (pins.isPresent()) leave();
        else unload();
        lock.ifPresent(DirectoryLock::close);
        lock = Optional.empty();
        threads.close();
    }

    private void leave() {
        var sensor = current.orElse(null);
        if (sensor == null) return;
        current = Optional.empty();
        try {
            listener.unloading(sensor);
        } finally {
            sensor.leave();
        }
    }

    private Backend backend() {
        return switch (choice) {
            case Backend.Choice.Chosen(var backend) -> backend;
            case Backend.Choice.None(var reason) -> throw new UnsupportedKernelException(reason);
        };
    }

    static Sensor open(Backend backend, byte[] elf) {
        return open(backend, elf, MapSizes.AS_BUILT, object -> new Sensor(backend, Loading.load(object)));
    }

    private Sensor open(Backend backend) {
        var found = pinned();
        return open(backend, objects.apply(backend), sizes, object -> {
            if (found.isPresent()) {
                object.adopt(found.get()).setGlobal(AGENT_PID, ownPid());
                return new Sensor(backend, object, sizes, found, true);
            }
            threads.shareWith(object);
            Loading.load(object);
            return new Sensor(
                    backend, object, sizes, pins.map(directory -> directory.make(object, place(directory))), false);
        });
    }

    /** Where another agent left what this one would load. */
    private Optional<Path> pinned() {
        return pins.map(this::place).filter(Files::exists);
    }

    private Path place(Pins directory) {
        return directory.of(sizes, objects.apply(backend()), packaged("threads"));
    }

    private static Sensor open(Backend backend, byte[] elf, MapSizes sizes, Function<BpfObject, Sensor> load) {
        var object = BpfObject.openForTwo(elf, "spandrel");
        try {
            sizes.apply(object);
            object.global(AGENT_PID).set(JAVA_INT, 0, ownPid());
            return load.apply(object);
        } catch (BpfException e) {
            object.close();
            throw new UnsupportedKernelException(e.getMessage(), e);
        } catch (RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** Opens an object of this build, has its types looked at, and closes it. */
    public static void open(Consumer<Btf> look) {
        try (var object = BpfObject.openForTwo(packaged(Backend.SOCKLEN), "rehearsal")) {
            object.global(AGENT_PID).set(JAVA_INT, 0, ownPid());
            look.accept(object.btf());
        }
    }

    private static int ownPid() {
        return (int) ProcessHandle.current().pid();
    }

    /** Where the object for this machine is that was built with this agent. */
    static String resource(Backend backend) {
        return resource("http_" + backend.id());
    }

    private static String resource(String object) {
        return "/bpf/" + Machine.name() + "/" + object + ".bpf.o";
    }

    /** The object that was built with this agent. */
    public static byte[] packaged(Backend backend) {
        return packaged("http_" + backend.id());
    }

    static byte[] packaged(String object) {
        var name = resource(object);
        try (var stream = Sensors.class.getResourceAsStream(name)) {
            if (stream == null)
                throw new UnsupportedKernelException(
                        name + " is missing from this build: it was built without bpf/, or not for this machine");
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
