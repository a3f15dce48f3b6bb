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
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.ebpf.Cgroup2;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Probes on this kernel, without an operator: two cgroups of the test's own, of which one is selected. */
final class ProbeRig implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Workload SELECTED = Workload.newBuilder()
            .setId("pod/selected")
            .setCgroupPath("/x")
            .putAttributes("k8s.pod.name", "web-1")
            .build();

    private final List<PrintedRecord> log = new ArrayList<>();
    private final Threads threads = new Threads();
    private final Path selected;
    private final Path other;
    private final CgroupTree tree;
    private final ProbeRuns runs;
    private long now = 1_000;

    ProbeRig() throws IOException {
        KernelRung.require(Backend.values()[Backend.values().length - 1]);
        Path mount = Cgroup2.mount().orElseThrow();
        String own = ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        selected = Files.createDirectory(mount.resolve("spandrel-probed-" + own));
        other = Files.createDirectory(mount.resolve("spandrel-not-probed-" + own));
        tree = new CgroupTree(mount);
        runs = new ProbeRuns(
                tree, new WorkloadIndex(), "host", () -> Instant.ofEpochMilli(now), threads::maps, log::add);
    }

    ProbeRuns runs() {
        return runs;
    }

    Path selected() {
        return selected;
    }

    Path other() {
        return other;
    }

    List<PrintedRecord> log() {
        return log;
    }

    void setClock(long millis) {
        now = millis;
    }

    static ProbeConfig.Builder probe(String program) {
        return ProbeConfig.newBuilder()
                .setName("opens")
                .setProgram(program)
                .setLimits(ProbeLimits.newBuilder()
                        .setCpuMillionths(1_000_000)
                        .setMapBytes(8 << 20)
                        .setEventsPerSecond(1000));
    }

    static ProbeSetConfig.Builder set(ProbeConfig.Builder probe) {
        return ProbeSetConfig.newBuilder()
                .setName("shop/set")
                .setAttach(true)
                .addWorkloads(SELECTED.getId())
                .addProbes(probe);
    }

    List<Rejection> apply(String program) {
        return apply(probe(program));
    }

    List<Rejection> apply(ProbeConfig.Builder probe) {
        return apply(set(probe));
    }

    List<Rejection> apply(ProbeSetConfig.Builder set) {
        return runs.apply(List.of(set.build()), List.of(workload()));
    }

    private Workload workload() {
        return SELECTED.toBuilder()
                .setCgroupPath("/" + tree.mount().relativize(selected))
                .build();
    }

    /** Of the only probe. */
    ProbeReport report() {
        runs.doWork();
        return runs.reports().getFirst();
    }

    void awaitMessage(String message) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!report().getMessage().equals(message)) {
            assertThat(System.nanoTime()).as(report().getMessage()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Until files have surely been looked at. */
    void awaitLook() throws InterruptedException {
        long end = System.nanoTime() + FileWatch.PERIOD;
        while (System.nanoTime() < end) TimeUnit.MILLISECONDS.sleep(5);
        runs.doWork();
    }

    long count() {
        runs.doWork();
        List<MetricData> found = runs.collect().stream()
                .filter(one -> one.getName().equals("opens"))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst().getLongSumData().getPoints().iterator().next().getValue();
    }

    static void run(Path cgroup, String python) throws Exception {
        assertThat(start(cgroup, List.of("python3", "-S", "-c", python)).waitFor())
                .isZero();
    }

    static Process start(Path cgroup, List<String> command) throws IOException {
        List<String> inside =
                new ArrayList<>(List.of("sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", cgroup.toString()));
        inside.addAll(command);
        return new ProcessBuilder(inside)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Override
    public void close() throws IOException {
        runs.close();
        threads.close();
        tree.close();
        Files.deleteIfExists(selected);
        Files.deleteIfExists(other);
    }
}
