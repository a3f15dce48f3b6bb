package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that start in a selected pod after the policy: the kernel selects each when its cgroup is made. */
final class ContainerStartE2E {
    private static final int CONTAINERS = 10;

    private OneNode node;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        node = new OneNode(directory, "late");
        node.apply("percent: 100");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void isTracedFromItsVeryFirstRequest() {
        Path podCgroup = node.pod().container().directory().getParent();
        List<String> first =
                IntStream.range(0, CONTAINERS).mapToObj(i -> "/first/" + i).toList();
        for (String path : first) {
            String id = UUID.randomUUID().toString().replace("-", "").repeat(2);
            try (TestCgroup container = TestCgroup.at(podCgroup.resolve(id))) {
                // Both ends of the only connection are inside, and its first request is the first thing that happens
                // there.
                Process both = container.start(
                        directory.resolve("late" + path.replace('/', '-') + ".out"),
                        List.of("python3", Checkout.server("once.py").toString(), path));
                assertThat(both.onExit().join().exitValue()).isZero();
            }
        }
        for (String path : first) {
            Span server = node.agent()
                    .awaitSpan(
                            path,
                            span -> span.kind() == Span.SERVER && span.path().equals(path));
            assertThat(server.resource())
                    .containsEntry("k8s.pod.name", node.pod().name());
            node.agent()
                    .awaitSpan(
                            path,
                            span -> span.kind() == Span.CLIENT && span.path().equals(path));
        }
    }
}
