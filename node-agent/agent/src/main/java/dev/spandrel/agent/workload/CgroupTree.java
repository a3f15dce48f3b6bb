package dev.spandrel.agent.workload;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import dev.spandrel.ebpf.Cgroup2;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * The cgroup v2 tree, kept by file events: a cgroup is known within a millisecond or so of its mkdir. Listeners are called on the
 * tree's own thread, or on that of {@link #find}; what existed before they came is in {@link #all}.
 */
public final class CgroupTree implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.workload");
    private static final String PROCESSES = "cgroup.procs";
    private static final String EVENTS = "cgroup.events";

    private final Path mount;
    private final WatchService watch;
    private final Map<String, Cgroup> byPath = new ConcurrentSkipListMap<>();
    private final List<Consumer<CgroupChange>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().name("cgroup-tree").daemon().unstarted(this::run);

    public CgroupTree(Path mount) throws IOException {
        this.mount = mount;
        this.watch = mount.getFileSystem().newWatchService();
        discover(mount);
    }

    public void start() {
        thread.start();
    }

    public void listen(Consumer<CgroupChange> listener) {
        listeners.add(listener);
    }

    public Path mount() {
        return mount;
    }

    /** By path. */
    public Collection<Cgroup> all() {
        return List.copyOf(byPath.values());
    }

    public Optional<Cgroup> at(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    /** As {@link #at}, but looks at the file system for one that is so new that its event is still on the way. Any thread. */
    public Optional<Cgroup> find(String path) {
        if (!byPath.containsKey(path)) discover(mount.resolve(path.substring(1)));
        return at(path);
    }

    /** Takes in what has happened; waits for it at most so long. */
    void doWork(Duration timeout) throws InterruptedException {
        var key = watch.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (key != null) take(key);
    }

    private void run() {
        try {
            while (true) take(watch.take());
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.log(System.Logger.Level.DEBUG, "cgroups are no longer watched");
        }
    }

    private void take(WatchKey key) {
        var directory = (Path) key.watchable();
        boolean populated = false;
        for (var event : key.pollEvents()) {
            if (event.kind() == OVERFLOW) {
                relist(directory);
                continue;
            }
            var child = directory.resolve((Path) event.context());
            if (event.kind() == ENTRY_CREATE) discover(child);
            else if (event.kind() == ENTRY_DELETE) forget(child);
            else if (isAboutProcesses(child)) populated = true;
        }
        if (populated) at(pathOf(directory)).ifPresent(cgroup -> tell(new CgroupChange.Populated(cgroup)));
        if (!key.reset()) forget(directory);
    }

    private static boolean isAboutProcesses(Path file) {
        var name = file.getFileName().toString();
        return name.equals(PROCESSES) || name.equals(EVENTS);
    }

    /** Watches before it lists: what is made in between is seen twice, not never. */
    private void discover(Path directory) {
        if (!Files.isDirectory(directory)) return;
        var id = Cgroup2.id(directory);
        if (id.isEmpty()) return;
        var cgroup = new Cgroup(pathOf(directory), directory, id.get());
        var known = byPath.put(cgroup.path(), cgroup);
        if (!cgroup.equals(known)) {
            if (known != null) tell(new CgroupChange.Removed(known));
            if (!watch(directory)) return;
            tell(new CgroupChange.Made(cgroup));
        }
        children(directory).forEach(this::discover);
    }

    private boolean watch(Path directory) {
        try {
            directory.register(watch, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
            // The kernel tells of changes only for files that were looked at.
            Files.exists(directory.resolve(EVENTS));
            return true;
        } catch (NoSuchFileException e) {
            forget(directory);
            return false;
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "cgroup {0} cannot be watched, what starts below it is not traced: {1}; raise fs.inotify.max_user_watches",
                    directory,
                    e.getMessage());
            return true;
        }
    }

    private void relist(Path directory) {
        byPath.values().stream()
                .filter(cgroup -> cgroup.directory().startsWith(directory) && !Files.isDirectory(cgroup.directory()))
                .toList()
                .forEach(cgroup -> forget(cgroup.directory()));
        discover(directory);
    }

    private List<Path> children(Path directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            return StreamSupport.stream(entries.spliterator(), false).toList();
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
    }

    private void forget(Path directory) {
        if (directory.equals(mount)) return;
        var gone = byPath.remove(pathOf(directory));
        if (gone != null) tell(new CgroupChange.Removed(gone));
    }

    private void tell(CgroupChange change) {
        for (var listener : listeners) listener.accept(change);
    }

    private String pathOf(Path directory) {
        return "/" + mount.relativize(directory);
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
