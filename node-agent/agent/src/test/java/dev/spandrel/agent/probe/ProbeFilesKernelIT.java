package dev.spandrel.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** User probes of processes that come and go, each with files of its own, as containers have them. */
class ProbeFilesKernelIT {
    private static final int CALLS = 100;
    /** Calls the probed function so often each time it is told to, and a few times more to say that it has. */
    private static final String LOAD =
            "import time\nprint(1, flush=True)\nwhile input(): [time.sleep(0) for i in range(%d)]; print(1, flush=True)"
                    .formatted(CALLS);

    private final List<Container> containers = new ArrayList<>();
    private ProbeRig rig;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        rig = new ProbeRig();
    }

    @AfterEach
    void stop() throws Exception {
        for (Container one : containers) one.close();
        rig.close();
    }

    /** A copy in a file system that nobody else has. */
    private Container ofItsOwn(Path cgroup) throws IOException {
        return container(cgroup, "mount -t tmpfs none /mnt && cp $(readlink -f /usr/bin/python3) /mnt/only-there");
    }

    /** What is in the layer, in an overlay that nobody else has. */
    private Container overlaid(Path cgroup, Path layer) throws IOException {
        return container(
                cgroup,
                "mount -t tmpfs none /media && mkdir /media/u /media/w && mount -t overlay overlay -o lowerdir=%s,upperdir=/media/u,workdir=/media/w /mnt"
                        .formatted(layer));
    }

    private Container container(Path cgroup, String mounts) throws IOException {
        Container made = new Container(ProbeRig.start(
                cgroup, List.of("unshare", "-m", "sh", "-c", mounts + " && exec /mnt/only-there -S -c \"$0\"", LOAD)));
        containers.add(made);
        return made;
    }

    private record Container(Process process) implements AutoCloseable {
        void work() throws IOException {
            process.outputWriter().write("go\n");
            process.outputWriter().flush();
            awaitWord();
        }

        void awaitWord() throws IOException {
            assertThat(process.inputReader().readLine()).isEqualTo("1");
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    private static final String PROGRAM = "uprobe:/mnt/only-there:PyEval_SaveThread { @ = count(); }";

    @Test
    void processesThatComeLaterAreSeenEachWithItsOwnFile() throws Exception {
        assertThat(rig.apply(PROGRAM)).isEmpty();
        assertThat(rig.report().getMessage()).contains("no selected process has a file /mnt/only-there yet");
        Container first = ofItsOwn(rig.selected());
        first.awaitWord();
        rig.awaitMessage("");
        long before = counted(first);
        Container second = ofItsOwn(rig.selected());
        Container stranger = ofItsOwn(rig.other());
        second.awaitWord();
        stranger.awaitWord();
        rig.awaitLook();
        stranger.work();
        assertThat(counted(second) - before).isGreaterThanOrEqualTo(CALLS).isLessThan(2 * CALLS);
        long both = rig.count();
        assertThat(counted(first) - both)
                .as("the first is still seen, and once")
                .isGreaterThanOrEqualTo(CALLS)
                .isLessThan(2 * CALLS);
    }

    private long counted(Container container) throws IOException {
        container.work();
        return rig.count();
    }

    @Test
    void containersOfOneImageHaveOneFile() throws Exception {
        Path layer = Files.createDirectory(directory.resolve("layer"));
        Files.copy(Path.of("/usr/bin/python3").toRealPath(), layer.resolve("only-there"));
        Container first = overlaid(rig.selected(), layer);
        Container second = overlaid(rig.selected(), layer);
        first.awaitWord();
        second.awaitWord();
        assertThat(rig.apply(PROGRAM.replace("uprobe:", "u:"))).isEmpty();
        long one = counted(first);
        assertThat(one).isGreaterThanOrEqualTo(CALLS).isLessThan(2 * CALLS);
        assertThat(counted(second) - one).isGreaterThanOrEqualTo(CALLS).isLessThan(2 * CALLS);
    }
}
