package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on where the program runs and on who tells it something. */
class HereKernelIT {
    private static final Path CPUS = Path.of("/sys/devices/system/cpu");

    @BeforeAll
    static void canRun() {
        KernelRung.require();
    }

    @Test
    void knowsTheMemoryNodeOfItsCpu() throws IOException, InterruptedException {
        String said = Tracer.running(
                "tracepoint:syscalls:sys_enter_getppid { @[cpu, numaid] = count(); } END { for ($kv : @) { printf(\"cpu%d node%d\\n\", $kv.0.0, $kv.0.1); } clear(@); }",
                "taskset -c 0 python3 -S -c 'import os; os.getppid()'");
        assertThat(said).contains("cpu0 node" + nodeOfFirstCpu());
    }

    /** A machine without nodes counts as one. */
    private static int nodeOfFirstCpu() throws IOException {
        try (var links = Files.newDirectoryStream(CPUS.resolve("cpu0"), "node*")) {
            for (Path node : links)
                return Integer.parseInt(node.getFileName().toString().substring("node".length()));
        }
        return 0;
    }

    @Test
    void isToldOfSignals(@TempDir Path folder) throws IOException, InterruptedException {
        String program = """
                self:signal:SIGUSR1 { @told = count(); printf("told %s\\n", "once"); }
                self:signal:SIGUSR2 { printf("enough, %d\\n", (int64)@told); exit(); }
                """;
        try (var load = new Load(Load.FILES);
                var ours = Tracer.ours(program, load.pid(), folder)) {
            ours.awaitMarks();
            ours.signal("USR1");
            ours.awaitMarks();
            ours.signal("USR1");
            ours.awaitMarks();
            ours.signal("USR2");
            assertThat(ours.ended(load.pid()))
                    .contains("told once\ntold once\nenough, 2\n")
                    .contains("@told: 2");
        }
    }
}
