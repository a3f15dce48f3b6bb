package dev.spandrel.agent.standalone;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Says when something may have changed in a folder: on file events wherever a change can show ({@link WatchedPlaces}), and after some
 * time without any, for what file events do not tell (network file systems, more watches than the system allows).
 */
final class FolderWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.standalone");
    /** How often the places are looked at again while they change under the look. */
    private static final int ATTEMPTS = 5;

    private final Path folder;
    private final Runnable changed;
    private final Duration backStop;
    private final WatchService watch;
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private WatchedPlaces places = new WatchedPlaces(Map.of());
    private final Thread thread =
            Thread.ofPlatform().name("policy-folder").daemon().unstarted(this::run);

    FolderWatch(Path folder, Runnable changed, Duration backStop) throws IOException {
        this.folder = folder.toAbsolutePath();
        this.changed = changed;
        this.backStop = backStop;
        this.watch = folder.getFileSystem().newWatchService();
        register();
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                var key = watch.poll(backStop.toMillis(), TimeUnit.MILLISECONDS);
                if (key != null && !concerns(key)) continue;
                register(); // before the folder is read: what happens from here on is an event
                changed.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.log(System.Logger.Level.DEBUG, "policies are no longer watched");
        }
    }

    private boolean concerns(WatchKey key) {
        var directory = (Path) key.watchable();
        var concerns = key.pollEvents().stream()
                .anyMatch(event -> event.kind() == OVERFLOW
                        || places.concerns(directory, event.context().toString()));
        return !key.reset() || concerns; // a directory that is gone concerns us
    }

    private void register() {
        for (int i = 0; i < ATTEMPTS; i++) {
            places = WatchedPlaces.of(folder);
            if (!watch(places)) return;
        }
    }

    /** True if a directory was not watched before: something may have happened there meanwhile. */
    private boolean watch(WatchedPlaces now) {
        boolean isNew = false;
        for (var directory : now.names().keySet())
            try {
                var key = directory.register(watch, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
                var before = keys.put(directory, key);
                isNew |= before != key;
                if (before != null && before != key) before.cancel();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "not watched, but looked at now and then: {0}", e);
            }
        keys.entrySet().removeIf(entry -> {
            boolean unused = !now.names().containsKey(entry.getKey());
            if (unused) entry.getValue().cancel();
            return unused;
        });
        return isNew;
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
