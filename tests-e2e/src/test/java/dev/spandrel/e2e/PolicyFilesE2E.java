package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in the policy folder, and what the kernel holds and does because of them. */
final class PolicyFilesE2E {
    private final int port = Ports.free();
    private TestCgroup cgroup;
    private Policies policies;
    private AgentProcess agent;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        cgroup = TestCgroup.make("files");
        policies = Policies.in(directory);
        Nginx.leaf(cgroup, directory, port);
        agent = AgentProcess.start(directory, "--policies", policies.directory().toString());
    }

    @AfterEach
    void stop() {
        agent.close();
        cgroup.close();
    }

    @Test
    void nothingIsAttachedWhileNoPolicySelects() {
        assertThat(BpfHeld.by(agent).nothing()).as("before the first policy").isTrue();

        policies.write("on", cgroup, "sampling: {percent: 100}");
        Await.until("traced", () -> traced("/leaf/on"));
        BpfHeld on = BpfHeld.by(agent);
        Set<String> programs = on.programs();
        assertThat(programs).isNotEmpty();
        assertThat(on.links()).isNotEmpty();

        policies.delete("on");
        Await.until("nothing held", () -> BpfHeld.by(agent).nothing());
        Await.until(
                "programs gone from the kernel",
                () -> BpfHeld.stillThere(programs).isEmpty());
        new Load(port, "/leaf/off").requests(10);

        policies.write("again", cgroup, "sampling: {percent: 100}");
        Await.until("traced again", () -> traced("/leaf/again"));
        assertThat(agent.spans(span -> span.path().equals("/leaf/off"))).isEmpty();
    }

    @Test
    void aBadFileIsRefusedAndTheLastGoodStateStays() {
        policies.write("shop", cgroup, "sampling: {percent: 100}");
        Await.until("traced", () -> traced("/leaf/good"));
        long generation = agent.generation();

        policies.write("shop", cgroup, "sampling:\n  percent: 150");
        String refusal = Await.value(
                "the refusal in the log",
                () -> agent.log()
                        .lines()
                        .filter(line -> line.contains("shop.yaml"))
                        .filter(line -> line.contains("percent"))
                        .findFirst());
        assertThat(refusal).as("file and line").contains("shop.yaml:7:");
        assertThat(refusal).as("reason").contains("between 0 and 100");

        new Load(port, "/leaf/still").requests(1);
        agent.awaitSpan(
                "a request under the last good state", span -> span.path().equals("/leaf/still"));
        assertThat(agent.generation()).isEqualTo(generation);

        policies.write("shop", cgroup, "sampling: {percent: 50}");
        agent.awaitGenerationAfter(generation);
    }

    private boolean traced(String path) {
        new Load(port, path).requests(1);
        return !agent.spans(span -> span.path().equals(path)).isEmpty();
    }
}
