package dev.spandrel.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.KernelRung;
import dev.spandrel.agent.program.Threads;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeLimits;
import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.ProbeState;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.ebpf.Cgroup2;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probes on this kernel, without an operator: two cgroups of the test's own, of which one is selected. */
class ProbeRunsKernelIT {
    private static final String CALLS = "tracepoint:syscalls:sys_enter_getpgid { @[comm] = count(); }";
    private static final Workload SELECTED = Workload.newBuilder()
            .setId("pod/selected")
            .setCgroupPath("/x")
            .putAttributes("k8s.pod.name", "web-1")
            .build();

    private final List<PrintedRecord> log = new ArrayList<>();
    private Path selected;
    private Path other;
    private CgroupTree tree;
    private final Threads threads = new Threads();
    private ProbeRuns runs;
    private long now = 1_000;

    @BeforeEach
    void start() throws IOException {
        KernelRung.require(Backend.values()[Backend.values().length - 1]);
        Path mount = Cgroup2.mount().orElseThrow();
        long pid = ProcessHandle.current().pid();
        selected = Files.createDirectory(mount.resolve("spandrel-probed-" + pid));
        other = Files.createDirectory(mount.resolve("spandrel-not-probed-" + pid));
        tree = new CgroupTree(mount);
        InstantSource clock = () -> java.time.Instant.ofEpochMilli(now);
        runs = new ProbeRuns(tree, new WorkloadIndex(), "host", clock, threads::maps, log::add);
    }

    @AfterEach
    void stop() throws IOException {
        if (runs == null) return;
        runs.close();
        threads.close();
        tree.close();
        Files.deleteIfExists(selected);
        Files.deleteIfExists(other);
    }

    @Test
    void countsTheSelectedCgroupAloneAndGoesOnWhenEdited() throws Exception {
        assertThat(apply(probe(CALLS))).isEmpty();
        call(other, 7);
        call(selected, 5);
        assertThat(count("opens")).isEqualTo(5);
        assertThat(runs.collect())
                .allSatisfy(metric -> assertThat(
                                metric.getResource().getAttributes().asMap().toString())
                        .contains("k8s.pod.name=web-1"));

        String edited = CALLS + " tracepoint:syscalls:sys_enter_getsid { @sid = count(); }";
        assertThat(apply(probe(edited))).isEmpty();
        call(selected, 4);
        assertThat(count("opens")).isEqualTo(9);
        assertThat(runs.reports())
                .singleElement()
                .extracting(ProbeReport::getState)
                .isEqualTo(ProbeState.PROBE_STATE_ATTACHED);
    }

    @Test
    void countsOverClearAndEndsByItself() throws Exception {
        ProbeSetConfig set = set(probe(CALLS + " tracepoint:syscalls:sys_enter_getsid { clear(@); }"))
                .setEndsAtUnixMillis(2_000)
                .build();
        assertThat(runs.apply(List.of(set), List.of(workload()))).isEmpty();
        call(selected, 5);
        run(selected, "import os\nos.getsid(0)");
        runs.doWork();
        call(selected, 2);
        assertThat(count("opens")).isEqualTo(7);
        now = 3_000;
        runs.doWork();
        assertThat(runs.reports())
                .singleElement()
                .extracting(ProbeReport::getState)
                .isEqualTo(ProbeState.PROBE_STATE_ENDED);
        assertThat(count("opens")).as("last words").isEqualTo(7);
        assertThat(runs.collect()).isEmpty();
    }

    @Test
    void checksBeforeItAttaches() throws Exception {
        ProbeSetConfig.Builder set = set(probe(CALLS));
        assertThat(runs.apply(List.of(set.setAttach(false).build()), List.of(workload())))
                .isEmpty();
        assertThat(runs.reports())
                .singleElement()
                .extracting(ProbeReport::getState)
                .isEqualTo(ProbeState.PROBE_STATE_CHECKED);
        call(selected, 3);
        assertThat(runs.collect()).isEmpty();
        assertThat(runs.apply(List.of(set.setAttach(true).build()), List.of(workload())))
                .isEmpty();
        call(selected, 2);
        assertThat(count("opens")).isEqualTo(2);

        List<Rejection> refused = apply(probe("tracepoint:syscalls:sys_enter_getpgid {\n  @ = sum(args.nothing);\n}"));
        assertThat(refused).singleElement().satisfies(one -> {
            assertThat(one.getReason()).isEqualTo("DoesNotCompile");
            assertThat(one.getProblems(0).getLine()).isEqualTo(2);
        });
        call(selected, 2);
        assertThat(count("opens")).as("what ran runs on").isEqualTo(4);
    }

    @Test
    void recordsAboveTheRateAreDroppedAndCounted() throws Exception {
        ProbeConfig.Builder probe =
                probe("tracepoint:syscalls:sys_enter_getpgid { printf(\"%d %s\\n\", args.pid, comm); }");
        probe.getLimitsBuilder().setEventsPerSecond(3);
        assertThat(apply(probe)).isEmpty();
        call(selected, 50);
        runs.doWork();
        ProbeReport report = runs.reports().getFirst();
        assertThat(report.getEvents()).isEqualTo(50);
        assertThat(report.getLost() + log.size()).isEqualTo(50);
        assertThat(log.size()).isBetween(3, 9);
        assertThat(log.getFirst().text()).isEqualTo("1 python3");
        assertThat(log.getFirst().resource().getAttributes().asMap().toString()).contains("web-1");
    }

    @Test
    void mapsFitTheirMemoryAndWhatFindsThemFullIsCounted() throws Exception {
        ProbeConfig.Builder probe = probe("tracepoint:syscalls:sys_enter_getpgid { @[args.pid] = count(); }");
        probe.getLimitsBuilder().setMapBytes(8 << 10);
        assertThat(apply(probe)).isEmpty();
        run(selected, "import os\nfor i in range(1, 3000):\n  try: os.getpgid(i)\n  except OSError: pass");
        runs.doWork();
        ProbeReport report = runs.reports().getFirst();
        assertThat(report.getMessage())
                .contains("keys each, because of mapMemory")
                .contains("is full");
        long kept = runs.collect().getFirst().getLongSumData().getPoints().size();
        assertThat(kept + report.getLost()).isEqualTo(2999);
    }

    @Test
    void filesAreThoseOfTheSelectedProcesses() throws Exception {
        Process python = start(
                selected,
                List.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs none /mnt && cp $(readlink -f /usr/bin/python3) /mnt/only-there && exec /mnt/only-there -c '"
                                + "import time\nprint(1, flush=True)\nwhile input(): [time.sleep(0) for i in range(9)]; print(1, flush=True)'"));
        try (var said = python.inputReader();
                var told = python.outputWriter()) {
            said.readLine();
            assertThat(apply(probe("uprobe:/mnt/only-there:PyEval_SaveThread { @ = count(); }")))
                    .isEmpty();
            told.write("go\n");
            told.flush();
            said.readLine();
            assertThat(count("opens")).isGreaterThanOrEqualTo(9);
        } finally {
            python.destroyForcibly().waitFor();
        }
    }

    private static ProbeConfig.Builder probe(String program) {
        return ProbeConfig.newBuilder()
                .setName("opens")
                .setProgram(program)
                .setLimits(ProbeLimits.newBuilder()
                        .setCpuMillionths(1_000_000)
                        .setMapBytes(8 << 20)
                        .setEventsPerSecond(1000));
    }

    private static ProbeSetConfig.Builder set(ProbeConfig.Builder probe) {
        return ProbeSetConfig.newBuilder()
                .setName("shop/set")
                .setAttach(true)
                .addWorkloads(SELECTED.getId())
                .addProbes(probe);
    }

    private List<Rejection> apply(ProbeConfig.Builder probe) {
        return runs.apply(List.of(set(probe).build()), List.of(workload()));
    }

    private Workload workload() {
        return SELECTED.toBuilder()
                .setCgroupPath("/" + tree.mount().relativize(selected))
                .build();
    }

    private long count(String metric) {
        runs.doWork();
        List<MetricData> found = runs.collect().stream()
                .filter(one -> one.getName().equals(metric))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst().getLongSumData().getPoints().iterator().next().getValue();
    }

    private static void call(Path cgroup, int times) throws Exception {
        run(cgroup, "import os\nfor i in range(%d): os.getpgid(1)".formatted(times));
    }

    private static void run(Path cgroup, String python) throws Exception {
        assertThat(start(cgroup, List.of("python3", "-S", "-c", python)).waitFor())
                .isZero();
    }

    private static Process start(Path cgroup, List<String> command) throws IOException {
        List<String> inside =
                new ArrayList<>(List.of("sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", cgroup.toString()));
        inside.addAll(command);
        return new ProcessBuilder(inside)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
