package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spandrel probe run --pod}: cgroups as a kubelet lays them out, two pods that do the same, and one of them is meant. */
final class ProbeToolE2E {
    private final TestCgroup root = TestCgroup.make("kubepods");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        root.close();
    }

    @Test
    void seesOnePodOnly() throws Exception {
        String uid = UUID.randomUUID().toString();
        TestCgroup meant = container(uid);
        TestCgroup other = container(UUID.randomUUID().toString());
        String program = "tracepoint:syscalls:sys_enter_getpgid { @[pod()] = count(); printf(\"%d\\n\", args.pid); }";
        try (DevProcess probe = DevProcess.start(
                directory, Map.of(), "spandrel", List.of("probe", "run", "--pod", uid, "-e", program))) {
            List<String> said = Collections.synchronizedList(new ArrayList<>());
            Thread reader =
                    Thread.ofVirtual().start(() -> probe.output().lines().forEach(said::add));
            // It says that it attaches before it has.
            Await.until("attached", () -> {
                probe.mustRun();
                call(meant, 1);
                return said.contains("1");
            });
            call(other, 7);
            call(meant, 2);
            Await.until("the last call", () -> said.contains("2"));
            probe.signal("INT");
            reader.join();
            assertThat(said).doesNotContain("7");
            assertThat(said.stream().filter(line -> line.startsWith("@")))
                    .containsExactly("@[" + uid + "]: "
                            + said.stream().filter(line -> line.matches("[12]")).count());
        } finally {
            meant.close();
            other.close();
        }
    }

    private TestCgroup container(String uid) {
        return root.child("kubepods/burstable/pod" + uid + "/"
                + UUID.randomUUID().toString().replace("-", "").repeat(2));
    }

    private void call(TestCgroup cgroup, int argument) {
        Process python = cgroup.start(
                directory.resolve("calls.log"),
                List.of("python3", "-S", "-c", "import os; os.getpgid(%d)".formatted(argument)));
        Await.until("the call is made", () -> !python.isAlive());
    }
}
