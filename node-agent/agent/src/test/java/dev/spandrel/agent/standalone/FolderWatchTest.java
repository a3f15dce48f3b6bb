package dev.spandrel.agent.standalone;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which people and programs change a folder is an event: nothing here waits for the folder to be read again by the clock. */
class FolderWatchTest {
    @TempDir
    Path root;

    private final SynchronousQueue<String> seen = new SynchronousQueue<>();
    private FolderWatch watch;
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        folder = Files.createDirectory(root.toRealPath().resolve("policies"));
        watch(folder);
    }

    private void watch(Path path) throws IOException {
        if (watch != null) watch.close();
        watch = new FolderWatch(path, () -> tell(path), Duration.ofDays(1));
        watch.start();
    }

    /** What a reader finds, handed over only to a test that waits for it: one that is not taken is read again with the next event. */
    private void tell(Path path) {
        try {
            seen.put(Files.readString(path.resolve("a.yaml")));
        } catch (IOException e) {
            put("nothing");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(String what) {
        try {
            seen.put(what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(String expected) throws InterruptedException {
        String last = "no event";
        for (var next = seen.poll(10, TimeUnit.SECONDS); next != null; next = seen.poll(10, TimeUnit.SECONDS)) {
            last = next;
            if (next.equals(expected)) return;
        }
        assertThat(last).as("found after the last event").isEqualTo(expected);
    }

    @AfterEach
    void stop() throws IOException {
        watch.close();
    }

    @Test
    void writtenInPlaceAndRenamedOver() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), "1");
        await("1");
        Files.writeString(folder.resolve("a.yaml"), "2");
        await("2");
        Files.writeString(folder.resolve(".a.yaml.swp"), "3");
        Files.move(folder.resolve(".a.yaml.swp"), folder.resolve("a.yaml"), ATOMIC_MOVE, REPLACE_EXISTING);
        await("3");
        Files.delete(folder.resolve("a.yaml"));
        await("nothing");
    }

    @Test
    void aConfigMapMountIsSwapped() throws Exception {
        version("..v1", "1");
        link(folder.resolve("..data"), "..v1");
        link(folder.resolve("a.yaml"), "..data/a.yaml");
        await("1");
        version("..v2", "2");
        link(folder.resolve("..data"), "..v2");
        await("2");
        Files.writeString(folder.resolve("..v2/a.yaml"), "3");
        await("3");
    }

    @Test
    void aLinkedFileIsWrittenElsewhere() throws Exception {
        var elsewhere = Files.createDirectories(root.resolve("elsewhere/deep"));
        Files.writeString(elsewhere.resolve("real.yaml"), "1");
        link(folder.resolve("a.yaml"), "../elsewhere/deep/real.yaml");
        await("1");
        Files.writeString(elsewhere.resolve("real.yaml"), "2");
        await("2");
        Files.delete(elsewhere.resolve("real.yaml"));
        await("nothing");
        Files.writeString(elsewhere.resolve("real.yaml"), "3");
        await("3");
    }

    @Test
    void theFolderIsALinkOnItsWayThatIsSwapped() throws Exception {
        for (var release : Map.of("r1", "1", "r2", "2").entrySet()) {
            Files.createDirectories(root.resolve(release.getKey() + "/conf"));
            Files.writeString(root.resolve(release.getKey() + "/conf/a.yaml"), release.getValue());
        }
        link(root.resolve("current"), "r1");
        watch(root.resolve("current/conf"));
        Files.writeString(root.resolve("r1/conf/a.yaml"), "1 edited");
        await("1 edited");
        link(root.resolve("current"), "r2");
        await("2");
        Files.writeString(root.resolve("r2/conf/a.yaml"), "2 edited");
        await("2 edited");
    }

    @Test
    void theFolderIsMadeLaterAndMadeAnew() throws Exception {
        watch(root.resolve("later/conf"));
        for (int i = 0; i < 3; i++) {
            Files.createDirectories(root.resolve("later/conf"));
            Files.writeString(root.resolve("later/conf/a.yaml"), "made " + i);
            await("made " + i);
            Files.delete(root.resolve("later/conf/a.yaml"));
            Files.delete(root.resolve("later/conf"));
            Files.delete(root.resolve("later"));
            await("nothing");
        }
    }

    @Test
    void theFolderIsReplacedByAnother() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), "1");
        await("1");
        var next = Files.createDirectory(root.resolve("next"));
        Files.writeString(next.resolve("a.yaml"), "2");
        Files.move(folder, root.resolve("old"));
        Files.move(next, folder);
        await("2");
        Files.writeString(folder.resolve("a.yaml"), "3");
        await("3");
    }

    private void version(String name, String text) throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("a.yaml"), text);
    }

    /** As atomically as a kubelet does it. */
    private static void link(Path link, String target) throws IOException {
        var made = link.resolveSibling("..tmp-link");
        Files.createSymbolicLink(made, Path.of(target));
        Files.move(made, link, ATOMIC_MOVE, REPLACE_EXISTING);
    }
}
