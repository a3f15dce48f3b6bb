package dev.spandrel.agent.standalone;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * Says when something may have changed in a folder: on its file events, on its own in the folder around it (it may be a link that is
 * swapped), and every two seconds for what neither tells.
 */
final class FolderWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.standalone");
    private static final long BACK_STOP_MILLIS = 2000;

    private final Path folder;
    private final Runnable changed;
    private final WatchService watch;
    private String watched = "nothing yet";
    private final Thread thread =
            Thread.ofPlatform().name("policy-folder").daemon().unstarted(this::run);

    FolderWatch(Path folder, Runnable changed) throws IOException {
        this.folder = folder.toAbsolutePath().normalize();
        this.changed = changed;
        this.watch = folder.getFileSystem().newWatchService();
        register();
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                var key = watch.poll(BACK_STOP_MILLIS, TimeUnit.MILLISECONDS);
                if (key != null && !concerns(key)) continue;
                register();
                changed.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.log(System.Logger.Level.DEBUG, "policies are no longer watched");
        }
    }

    private boolean concerns(WatchKey key) {
        var inside = key.watchable().equals(folder);
        var concerns = key.pollEvents().stream()
                .anyMatch(event -> inside || folder.getFileName().equals(event.context()));
        key.reset();
        return concerns;
    }

    /** Again only when the path leads to another folder than before. */
    private void register() {
        var now = identity();
        if (now.equals(watched)) return;
        for (var place : new Path[] {folder, folder.getParent()})
            try {
                if (place != null && Files.isDirectory(place))
                    place.register(watch, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "not watched, looked at every two seconds: {0}", e);
            }
        watched = now;
    }

    private String identity() {
        try {
            return String.valueOf(
                    Files.readAttributes(folder, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
