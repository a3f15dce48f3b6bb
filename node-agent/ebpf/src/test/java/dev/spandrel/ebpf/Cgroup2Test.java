package dev.spandrel.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class Cgroup2Test {
    private static final String HYBRID =
            "36 29 0:31 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw";
    private static final String PART = "30 24 0:27 /../../kubepods /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw";
    private static final String WITH_SPACE = "40 24 0:27 / /host\\040root/cgroup ro - cgroup2 cgroup rw";
    private static final String V1 = "37 29 0:32 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu";

    @Test
    void isFoundWhereverItIsMounted() {
        assertThat(Cgroup2.mount(List.of(V1, HYBRID))).contains(Path.of("/sys/fs/cgroup/unified"));
        assertThat(Cgroup2.mount(List.of(V1))).isEmpty();
        assertThat(Cgroup2.mount(List.of(WITH_SPACE))).contains(Path.of("/host root/cgroup"));
    }

    @Test
    void aMountOfTheWholeTreeIsPreferred() {
        assertThat(Cgroup2.mount(List.of(PART, HYBRID))).contains(Path.of("/sys/fs/cgroup/unified"));
        assertThat(Cgroup2.mount(List.of(PART))).contains(Path.of("/sys/fs/cgroup"));
    }
}
