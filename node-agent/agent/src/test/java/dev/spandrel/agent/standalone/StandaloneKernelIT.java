package dev.spandrel.agent.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.control.ControlRig;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.workload.Workload;
import dev.spandrel.ebpf.Cgroup2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policy files and real processes in cgroups of this test; on a stub object, so nothing is traced. */
class StandaloneKernelIT {
    @TempDir
    Path policies;

    private final List<Process> processes = new ArrayList<>();
    private ControlRig rig;
    private Standalone standalone;

    @BeforeEach
    void open() throws IOException {
        rig = ControlRig.stub(Backend.SOCKLEN);
        standalone = new Standalone(policies, Duration.ofDays(1), rig.control(), rig.tree());
        standalone.start();
    }

    @AfterEach
    void close() throws Exception {
        if (standalone != null) standalone.close();
        for (var process : processes) process.destroyForcibly().waitFor();
        if (rig != null) rig.close();
    }

    @Test
    void aFileSelectsByCgroupAndByExecutable() throws Exception {
        start("web", "sleep", "60");
        start("other", "tail", "-f", "/dev/null");
        write("a.yaml", policy("web", "cgroup: web", 50));
        write("b.yml", policy("tail", "exe: tail, cgroup: other", 10));
        write("notes.txt", "no policy");

        await(() -> of("web") != null && of("other") != null);
        assertThat(of("web").policy()).isEqualTo("default/web");
        assertThat(of("web").threshold()).isEqualTo(1L << 55);
        assertThat(of("web").attributes()).containsEntry("service.name", "web");
        assertThat(of("other").policy()).isEqualTo("default/tail");
    }

    @Test
    void aWorkloadThatStartsLaterIsSelectedAndOneThatEndsIsNot() throws Exception {
        write("a.yaml", policy("later", "cgroup: later", 50));
        await(() -> rig.sensors().current().isPresent());
        assertThat(rig.sensors().current().get().attached()).isFalse();

        var process = start("later", "sleep", "60");
        await(() -> rig.sensors().current().map(Sensor::attached).orElse(false));
        assertThat(of("later")).isNotNull();

        process.destroyForcibly().waitFor();
        await(() -> !rig.sensors().current().get().attached());
        Files.delete(policies.resolve("a.yaml"));
        await(() -> rig.sensors().current().isEmpty());
    }

    @Test
    void anExecutableIsSeenAfterExec() throws Exception {
        write("a.yaml", policy("exec", "exe: tail, cgroup: exec", 50));
        start("exec", "sh", "-c", "sleep 0.2; exec tail -f /dev/null");

        await(() -> of("exec") != null);
    }

    @Test
    void filesAreReplacedByRenameAndByLinkAndABadOneChangesNothing() throws Exception {
        start("web", "sleep", "60");
        write("a.yaml", policy("web", "cgroup: web", 50));
        await(() -> of("web") != null);

        var next = policies.resolve(".a.yaml.swp");
        Files.writeString(next, policy("web", "cgroup: web", 25));
        Files.move(
                next, policies.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        await(() -> of("web").threshold() == 3L << 54);

        write("a.yaml", "kind: [");
        start("other", "sleep", "60");
        write("c.yaml", policy("other", "cgroup: other", 25));
        await(() -> of("other") != null);
        assertThat(of("web").threshold()).isEqualTo(3L << 54);

        var version = Files.createDirectory(policies.resolve("..v2"));
        Files.writeString(version.resolve("a.yaml"), policy("web", "cgroup: web", 50));
        Files.createSymbolicLink(policies.resolve("..tmp"), Path.of("..v2/a.yaml"));
        Files.move(
                policies.resolve("..tmp"),
                policies.resolve("a.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        await(() -> of("web").threshold() == 1L << 55);
    }

    @Test
    void aPolicyEndsByItselfAfterItWasWritten() throws Exception {
        start("web", "sleep", "60");
        var text = policy("web", "cgroup: web", 50) + "  expiresAfter: 1s\n";
        for (int i = 0; i < 2; i++) {
            write("a.yaml", text);
            await(() -> rig.sensors().current().map(Sensor::attached).orElse(false));
            await(() -> !rig.sensors().current().orElseThrow().attached());
        }
    }

    @Test
    void everyEditIsInTheKernelByItsEvent() throws Exception {
        start("web", "sleep", "60");
        write("a.yaml", policy("web", "cgroup: web", 100));
        await(() -> of("web") != null);

        for (int i = 0; i < 120; i++) {
            long generation = rig.control().outcome().generation();
            write("a.yaml", policy("web", "cgroup: web", 1 + i % 2));
            await(() -> rig.control().outcome().generation() > generation);
        }
    }

    @Test
    void aFileThatWasEmptiedSaysNothingAfterAWhile() throws Exception {
        start("web", "sleep", "60");
        write("a.yaml", policy("web", "cgroup: web", 50));
        await(() -> rig.sensors().current().map(Sensor::attached).orElse(false));
        write("a.yaml", "");
        await(() -> rig.sensors().current().isEmpty());
    }

    private @Nullable Workload of(String name) {
        return Cgroup2.id(rig.root().resolve(name)).map(rig.index()::byCgroup).orElse(null);
    }

    private Process start(String name, String... command) throws IOException {
        var cgroup = Files.createDirectory(rig.root().resolve(name));
        var process = new ProcessBuilder(command).start();
        processes.add(process);
        Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(process.pid()));
        return process;
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(policies.resolve(file), text);
    }

    private static String policy(String name, String labels, int percent) {
        return """
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata:
                  name: %s
                spec:
                  podSelector:
                    matchLabels: {%s}
                  sampling:
                    percent: %d
                """.formatted(name, labels, percent);
    }

    /** Bounded; for what other threads are about to do. */
    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean() && System.nanoTime() < end) LockSupport.parkNanos(200_000);
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
