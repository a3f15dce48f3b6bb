package dev.spandrel.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.workload.CgroupChange.Made;
import dev.spandrel.agent.workload.CgroupChange.Populated;
import dev.spandrel.agent.workload.CgroupChange.Removed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File events are the same on any file system, so a folder stands for the mount. */
class CgroupTreeTest {
    @TempDir
    Path mount;

    private final List<CgroupChange> seen = new ArrayList<>();
    private CgroupTree tree;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectories(mount.resolve("system.slice/nginx.service"));
        tree = new CgroupTree(mount);
        tree.listen(seen::add);
    }

    @AfterEach
    void close() throws Exception {
        tree.close();
    }

    @Test
    void knowsWhatExistedBefore() {
        assertThat(tree.all())
                .extracting(Cgroup::path)
                .containsExactly("/", "/system.slice", "/system.slice/nginx.service");
        assertThat(tree.at("/system.slice/nginx.service").orElseThrow().parent())
                .isEqualTo("/system.slice");
        assertThat(tree.at("/system.slice").orElseThrow().parent()).isEqualTo("/");
        assertThat(tree.at("/").orElseThrow().name()).isEqualTo("/");
    }

    @Test
    void seesWholeSubtreesAppearAndGo() throws Exception {
        Files.createDirectories(mount.resolve("kubepods/pod1/c1"));
        workUntil(3);
        assertThat(seen)
                .hasOnlyElementsOfType(Made.class)
                .extracting(change -> change.cgroup().path())
                .containsExactly("/kubepods", "/kubepods/pod1", "/kubepods/pod1/c1");

        seen.clear();
        Files.delete(mount.resolve("kubepods/pod1/c1"));
        workUntil(1);
        assertThat(seen).singleElement().isInstanceOf(Removed.class);
        assertThat(tree.at("/kubepods/pod1/c1")).isEmpty();
    }

    @Test
    void aCgroupMadeAgainIsAnotherOne() throws Exception {
        var path = mount.resolve("again");
        Files.createDirectory(path);
        workUntil(1);
        Files.delete(path);
        workUntil(2);
        Files.createDirectory(path);
        workUntil(3);

        assertThat(seen).hasSize(3).element(2).isInstanceOf(Made.class);
    }

    @Test
    void tellsOfProcesses() throws Exception {
        Files.writeString(mount.resolve("system.slice/cgroup.procs"), "1");
        workUntil(1);

        assertThat(seen).first().isInstanceOf(Populated.class);
        assertThat(seen.getFirst().cgroup().path()).isEqualTo("/system.slice");
    }

    private void workUntil(int changes) throws InterruptedException {
        for (int i = 0; i < 50 && seen.size() < changes; i++) tree.doWork(Duration.ofMillis(200));
    }
}
