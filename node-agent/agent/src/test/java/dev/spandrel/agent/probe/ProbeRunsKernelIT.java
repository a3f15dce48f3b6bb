package dev.spandrel.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeReport;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.ProbeState;
import dev.spandrel.contract.v1.Rejection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probes on this kernel, without an operator: two cgroups of the test's own, of which one is selected. */
class ProbeRunsKernelIT {
    private static final String CALLS = "tracepoint:syscalls:sys_enter_getpgid { @[comm] = count(); }";

    private ProbeRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new ProbeRig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @Test
    void countsTheSelectedCgroupAloneAndGoesOnWhenEdited() throws Exception {
        assertThat(rig.apply(ProbeRig.probe(CALLS))).isEmpty();
        call(rig.other(), 7);
        call(rig.selected(), 5);
        assertThat(rig.count()).isEqualTo(5);
        assertThat(rig.runs().collect())
                .allSatisfy(metric -> assertThat(
                                metric.getResource().getAttributes().asMap().toString())
                        .contains("k8s.pod.name=web-1"));

        String edited = CALLS + " tracepoint:syscalls:sys_enter_getsid { @sid = count(); }";
        assertThat(rig.apply(ProbeRig.probe(edited))).isEmpty();
        call(rig.selected(), 4);
        assertThat(rig.count()).isEqualTo(9);
        assertThat(rig.runs().reports())
                .singleElement()
                .extracting(ProbeReport::getState)
                .isEqualTo(ProbeState.PROBE_STATE_ATTACHED);
    }

    /** Of a Kubernetes namespace that is not trusted with the kernel's memory: what ran runs on. */
    @Test
    void readsNoMemoryButTheSelectedProcessesWhereItIsConfined() throws Exception {
        assertThat(rig.apply(ProbeRig.probe(CALLS).setConfined(true))).isEmpty();
        List<Rejection> rejected = rig.apply(
                ProbeRig.probe(CALLS + "\ntracepoint:syscalls:sys_enter_getsid { @[curtask->comm] = count(); }")
                        .setConfined(true));
        assertThat(rejected).singleElement().satisfies(one -> {
            assertThat(one.getReason()).isEqualTo("DoesNotCompile");
            assertThat(one.getProblems(0).getLine()).isEqualTo(2);
            assertThat(one.getProblems(0).getMessage()).startsWith("this reads the kernel's memory");
        });
        call(rig.selected(), 5);
        assertThat(rig.count()).isEqualTo(5);
    }

    @Test
    void countsOverClearAndEndsByItself() throws Exception {
        ProbeSetConfig.Builder set = ProbeRig.set(
                        ProbeRig.probe(CALLS + " tracepoint:syscalls:sys_enter_getsid { clear(@); }"))
                .setEndsAtUnixMillis(2_000);
        assertThat(rig.apply(set)).isEmpty();
        call(rig.selected(), 5);
        ProbeRig.run(rig.selected(), "import os\nos.getsid(0)");
        rig.runs().doWork();
        call(rig.selected(), 2);
        assertThat(rig.count()).isEqualTo(7);
        rig.setClock(3_000);
        rig.runs().doWork();
        assertThat(rig.runs().reports())
                .singleElement()
                .extracting(ProbeReport::getState)
                .isEqualTo(ProbeState.PROBE_STATE_ENDED);
        assertThat(rig.count()).as("last words").isEqualTo(7);
        assertThat(rig.runs().collect()).isEmpty();
    }

    @Test
    void checksBeforeItAttaches() throws Exception {
        ProbeSetConfig.Builder set = ProbeRig.set(ProbeRig.probe(CALLS));
        assertThat(rig.apply(set.setAttach(false))).isEmpty();
        assertThat(rig.runs().reports())
                .singleElement()
                .extracting(ProbeReport::getState)
                .isEqualTo(ProbeState.PROBE_STATE_CHECKED);
        call(rig.selected(), 3);
        assertThat(rig.runs().collect()).isEmpty();
        assertThat(rig.apply(set.setAttach(true))).isEmpty();
        call(rig.selected(), 2);
        assertThat(rig.count()).isEqualTo(2);

        List<Rejection> refused =
                rig.apply(ProbeRig.probe("tracepoint:syscalls:sys_enter_getpgid {\n  @ = sum(args.nothing);\n}"));
        assertThat(refused).singleElement().satisfies(one -> {
            assertThat(one.getReason()).isEqualTo("DoesNotCompile");
            assertThat(one.getProblems(0).getLine()).isEqualTo(2);
        });
        call(rig.selected(), 2);
        assertThat(rig.count()).as("what ran runs on").isEqualTo(4);
    }

    @Test
    void recordsAboveTheRateAreDroppedAndCounted() throws Exception {
        ProbeConfig.Builder probe =
                ProbeRig.probe("tracepoint:syscalls:sys_enter_getpgid { printf(\"%d %s\\n\", args.pid, comm); }");
        probe.getLimitsBuilder().setEventsPerSecond(3);
        assertThat(rig.apply(probe)).isEmpty();
        call(rig.selected(), 50);
        rig.runs().doWork();
        ProbeReport report = rig.runs().reports().getFirst();
        assertThat(report.getEvents()).isEqualTo(50);
        assertThat(report.getLost() + rig.log().size()).isEqualTo(50);
        assertThat(rig.log().size()).isBetween(3, 9);
        assertThat(rig.log().getFirst().text()).isEqualTo("1 python3");
        assertThat(rig.log().getFirst().resource().getAttributes().asMap().toString())
                .contains("web-1");
    }

    @Test
    void mapsFitTheirMemoryAndWhatFindsThemFullIsCounted() throws Exception {
        ProbeConfig.Builder probe = ProbeRig.probe("tracepoint:syscalls:sys_enter_getpgid { @[args.pid] = count(); }");
        probe.getLimitsBuilder().setMapBytes(8 << 10);
        assertThat(rig.apply(probe)).isEmpty();
        ProbeRig.run(
                rig.selected(), "import os\nfor i in range(1, 3000):\n  try: os.getpgid(i)\n  except OSError: pass");
        rig.runs().doWork();
        ProbeReport report = rig.runs().reports().getFirst();
        assertThat(report.getMessage())
                .contains("keys each, because of mapMemory")
                .contains("is full");
        long kept = rig.runs().collect().getFirst().getLongSumData().getPoints().size();
        assertThat(kept + report.getLost()).isEqualTo(2999);
    }

    @Test
    void aProgramMayAskForMoreKeysAndGetsWhatItsMemoryHolds() throws Exception {
        String program =
                "config = { max_map_keys = 65536 } tracepoint:syscalls:sys_enter_getpgid { @[args.pid] = count(); }";
        ProbeConfig.Builder much = ProbeRig.probe(program);
        much.getLimitsBuilder().setMapBytes(1 << 30);
        assertThat(rig.apply(much)).isEmpty();
        assertThat(rig.report().getMessage()).isEmpty();
        ProbeRig.run(
                rig.selected(), "import os\nfor i in range(1, 6000):\n  try: os.getpgid(i)\n  except OSError: pass");
        assertThat(rig.runs().collect().getFirst().getLongSumData().getPoints()).hasSize(5999);

        ProbeConfig.Builder little = ProbeRig.probe(program);
        little.getLimitsBuilder().setMapBytes(1 << 20);
        assertThat(rig.apply(little)).isEmpty();
        assertThat(rig.report().getMessage())
                .containsPattern("its maps hold at most \\d+ keys each, because of mapMemory");
    }

    private static void call(Path cgroup, int times) throws Exception {
        ProbeRig.run(cgroup, "import os\nfor i in range(%d): os.getpgid(1)".formatted(times));
    }
}
