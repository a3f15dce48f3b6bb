package dev.spandrel.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeExport;
import dev.spandrel.contract.v1.ProbeState;
import dev.spandrel.contract.v1.Rejection;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An object that clang compiled, on this kernel. */
class ProbeObjectKernelIT {
    private static final Path PINS = Path.of("/sys/fs/bpf/seen");

    @TempDir
    Path directory;

    private ProbeRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new ProbeRig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private byte[] compiled(String... defines) throws Exception {
        Path object = directory.resolve("calls.bpf.o");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        List<String> command = new ArrayList<>(List.of(
                "clang",
                "-target",
                "bpf",
                "-g",
                "-O2",
                "-D__TARGET_ARCH_" + (arm ? "arm64" : "x86"),
                "-DNUMBER=" + (arm ? 155 : 121),
                "-I/usr/include/" + (arm ? "aarch64" : "x86_64") + "-linux-gnu",
                "-c",
                "src/test/bpf/calls.bpf.c",
                "-o",
                object.toString()));
        command.addAll(List.of(defines));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return Files.readAllBytes(object);
    }

    private static ProbeConfig.Builder probe(byte[] object) {
        return ProbeRig.probe("").clearProgram().setObject(ByteString.copyFrom(object));
    }

    private MetricData metric(String name) {
        rig.runs().doWork();
        List<MetricData> found = rig.runs().collect().stream()
                .filter(one -> one.getName().equals(name))
                .toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static void calls(Path cgroup, int times, int argument) throws Exception {
        ProbeRig.run(cgroup, """
                import os
                for _ in range(%d):
                    try: os.getpgid(%d)
                    except OSError: pass
                """.formatted(times, argument));
    }

    @Test
    void countsTheSelectedCgroupAloneWhateverTheObjectDoes() throws Exception {
        assertThat(rig.apply(probe(compiled()))).isEmpty();
        calls(rig.other(), 9, 1);
        calls(rig.selected(), 5, 1);
        calls(rig.selected(), 3, 3);

        MetricData count = metric("opens.calls");
        assertThat(count.getResource().getAttributes().asMap().toString()).contains("k8s.pod.name=web-1");
        assertThat(count.getLongSumData().isMonotonic()).isTrue();
        assertThat(count.getLongSumData().getPoints())
                .extracting(LongPointData::getAttributes, LongPointData::getValue)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(attributes(1), 5L),
                        org.assertj.core.groups.Tuple.tuple(attributes(3), 3L));

        MetricData powers = metric("opens.argument");
        assertThat(powers.getExponentialHistogramData().getPoints())
                .singleElement()
                .satisfies(point -> assertThat(point.getCount()).isEqualTo(8));
        MetricData level = metric("opens.level");
        assertThat(level.getLongGaugeData().getPoints()).singleElement().satisfies(point -> {
            assertThat(point.getValue()).isEqualTo(-5);
            assertThat(point.getAttributes()).isEqualTo(Attributes.of(AttributeKey.longKey("key"), 7L));
        });
        assertThat(rig.runs().collect()).as("its state is its own").hasSize(3);
        assertThat(PINS).doesNotExist();
    }

    @Test
    void whatItsRingBuffersSayAreLogRecords() throws Exception {
        long before = System.currentTimeMillis() * 1_000_000;
        assertThat(rig.apply(probe(compiled()))).isEmpty();
        calls(rig.other(), 9, 1);
        calls(rig.selected(), 2, -7);
        calls(rig.selected(), 3, 99);
        assertThat(rig.report().getEvents()).as("two said, three cut").isEqualTo(5);
        assertThat(rig.report().getLost()).isEqualTo(3);
        assertThat(rig.log()).hasSize(2).allSatisfy(record -> {
            assertThat(record.text()).isEqualTo("called");
            assertThat(record.resource().getAttributes().asMap().toString()).contains("k8s.pod.name=web-1");
            assertThat(record.time()).isBetween(before - 1_000_000_000, System.currentTimeMillis() * 1_000_000 + 1);
            assertThat(record.attributes().asMap().keySet())
                    .extracting(AttributeKey::getKey)
                    .containsExactlyInAnyOrder("argument", "comm", "process.pid", "thread.id");
            assertThat(record.attributes().get(AttributeKey.longKey("argument")))
                    .isEqualTo(-7);
            assertThat(record.attributes().get(AttributeKey.stringKey("comm"))).isEqualTo("python3");
        });
    }

    @Test
    void recordsAboveTheLimitAreDroppedAndCounted() throws Exception {
        var few = probe(compiled());
        few.getLimitsBuilder().setEventsPerSecond(2);
        assertThat(rig.apply(few)).isEmpty();
        calls(rig.selected(), 40, 1);
        assertThat(rig.report().getEvents()).isEqualTo(40);
        assertThat(rig.log().size() + rig.report().getLost()).isEqualTo(40);
        assertThat(rig.report().getLost()).isGreaterThan(20);
    }

    private static Attributes attributes(long argument) {
        return Attributes.of(AttributeKey.longKey("argument"), argument, AttributeKey.stringKey("comm"), "python3");
    }

    @Test
    void anObjectAndAProgramTakeEachOthersPlace() throws Exception {
        assertThat(rig.apply(
                        probe(compiled()).setExport(ProbeExport.newBuilder().setMetric("held"))))
                .isEmpty();
        calls(rig.selected(), 2, 1);
        assertThat(rig.apply("tracepoint:syscalls:sys_enter_getpgid { @ = count(); }"))
                .isEmpty();
        calls(rig.selected(), 4, 1);
        List<MetricData> metrics = rig.runs().collect();
        assertThat(metrics).extracting(MetricData::getName).contains("held.calls", "opens");
        assertThat(metrics.stream()
                        .filter(one -> one.getName().equals("opens"))
                        .flatMap(one -> one.getLongSumData().getPoints().stream())
                        .map(LongPointData::getValue))
                .containsExactly(4L);
        assertThat(rig.apply(probe(compiled()))).isEmpty();
        calls(rig.selected(), 3, 1);
        assertThat(metric("opens.calls").getLongSumData().getPoints())
                .singleElement()
                .extracting(LongPointData::getValue)
                .isEqualTo(3L);
    }

    @Test
    void isStoppedWhenItTakesMoreThanItMay() throws Exception {
        var greedy = probe(compiled());
        greedy.getLimitsBuilder().setCpuMillionths(1);
        assertThat(rig.apply(greedy)).isEmpty();
        Process load =
                ProbeRig.start(rig.selected(), List.of("python3", "-S", "-c", "import os\nwhile True: os.getpgid(0)"));
        try {
            long end = System.nanoTime() + 20_000_000_000L;
            while (rig.report().getState() != ProbeState.PROBE_STATE_STOPPED) {
                assertThat(System.nanoTime()).as(rig.report().toString()).isLessThan(end);
                Thread.sleep(5);
            }
        } finally {
            load.destroy();
            load.waitFor();
        }
        assertThat(rig.report().getMessage()).contains("of a CPU, and its limit is");
        assertThat(metric("opens.calls").getLongSumData().getPoints())
                .as("still to be read")
                .isNotEmpty();
    }

    @Test
    void saysWhatItDoesNotTake() throws Exception {
        assertThat(message("no object".getBytes())).isEqualTo("it is no ELF file");
        assertThat(message(Files.readAllBytes(Path.of("/proc/self/exe")))).contains("it is no BPF object");
        assertThat(message(compiled("-DREFUSED_HELPER"))).isEqualTo("it calls bpf_send_signal, which is not allowed");
        assertThat(message(compiled("-DREFUSED_KIND")))
                .startsWith("program elsewhere is of section kprobe/do_nothing; what is taken is tracepoint/");
        assertThat(message(compiled("-DREFUSED_MAP"))).startsWith("map otel_small cannot be exported: its values");
        assertThat(message(compiled("-DUNREAD"))).startsWith("nobody reads the ring buffer unread");
        assertThat(message(compiled("-DNAMELESS")))
                .startsWith(
                        "the records of otel_other cannot be read: they are to be struct other, of numbers and text");
        assertThat(message(compiled("-DENTRIES=1000000"))).contains("KiB, and mapMemory allows 8192 KiB");
        byte[] cut = compiled();
        for (int bytes = 64; bytes < cut.length; bytes += 997) {
            assertThat(rig.apply(probe(java.util.Arrays.copyOf(cut, bytes)))).hasSize(1);
        }
        assertThat(rig.runs().reports()).isEmpty();
    }

    /** Of a Kubernetes namespace that is not trusted with the kernel's memory. */
    @Test
    void readsNoMemoryButTheSelectedProcessesWhereItIsConfined() throws Exception {
        assertThat(message(probe(compiled()).setConfined(true)))
                .isEqualTo("it calls the kernel's helper 113, and not every Kubernetes namespace's objects may: "
                        + "it is none of those that read no memory but the selected processes'");
        assertThat(message(probe(compiled("-DTYPED")).setConfined(true)))
                .startsWith(
                        "program typed is of section tp_btf/sched_process_exec, whose programs follow the kernel's");
        assertThat(rig.apply(probe(compiled("-DCONFINED")).setConfined(true))).isEmpty();
        calls(rig.other(), 2, 1);
        calls(rig.selected(), 5, 1);
        assertThat(metric("opens.calls").getLongSumData().getPoints())
                .singleElement()
                .extracting(LongPointData::getValue)
                .isEqualTo(5L);
    }

    private String message(byte[] object) {
        return message(probe(object));
    }

    private String message(ProbeConfig.Builder probe) {
        List<Rejection> rejected = rig.apply(probe);
        assertThat(rejected).hasSize(1);
        assertThat(rejected.getFirst().getReason()).isEqualTo("RefusedByKernel");
        return rejected.getFirst().getMessage();
    }
}
