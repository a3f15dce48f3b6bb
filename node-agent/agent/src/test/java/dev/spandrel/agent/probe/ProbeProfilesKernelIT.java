package dev.spandrel.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.contract.v1.ProbeExport;
import dev.spandrel.probe.live.profile.Frame;
import dev.spandrel.probe.live.profile.Site;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stacks of a real process, from this kernel to profiles. */
class ProbeProfilesKernelIT {
    private static final String CALLS = "tracepoint:syscalls:sys_enter_getpgid { @[ustack, kstack, comm] = count(); }";
    private static final String CLEARS = CALLS + " tracepoint:syscalls:sys_enter_getsid { clear(@); }";

    private ProbeRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new ProbeRig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    /** The process lives until its names were read. */
    private void calls(String python, long expected) throws Exception {
        Process process = ProbeRig.start(
                rig.selected(), List.of("python3", "-S", "-c", "import os\n" + python + "\nos.write(2, b'')\ninput()"));
        try {
            long end = System.nanoTime() + 20_000_000_000L;
            long seen = 0;
            while (seen < expected) {
                assertThat(System.nanoTime()).as("seen %d", seen).isLessThan(end);
                rig.runs().doWork();
                profiles.addAll(rig.runs().profiles());
                seen = total();
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private final List<CollectedProfile> profiles = new java.util.ArrayList<>();

    private long total() {
        return profiles.stream()
                .flatMap(one -> one.profile().samples().values().stream())
                .mapToLong(value -> value)
                .sum();
    }

    @Test
    void framesHaveNamesAndNothingIsCountedTwice() throws Exception {
        assertThat(rig.apply(ProbeRig.probe(CALLS)
                        .setExport(ProbeExport.newBuilder().setMetric("calls").setUnit("{call}"))))
                .isEmpty();
        calls("for _ in range(5): os.getpgid(0)", 5);
        calls("for _ in range(3): os.getpgid(0)", 8);
        assertThat(rig.runs().profiles()).as("nothing new").isEmpty();
        assertThat(rig.runs().collect()).as("no metric of it").isEmpty();
        assertThat(profiles).allSatisfy(one -> {
            assertThat(one.profile().type()).isEqualTo("calls");
            assertThat(one.profile().unit()).isEqualTo("{call}");
            assertThat(one.resource().getAttributes().asMap().toString()).contains("k8s.pod.name=web-1");
        });
        Site site = profiles.getFirst().profile().samples().keySet().iterator().next();
        assertThat(site.attributes()).containsEntry("comm", "python3");
        assertThat(site.frames().getFirst().kind()).as("the kernel's are inner").isEqualTo(Frame.Kind.KERNEL);
        assertThat(site.frames()).anySatisfy(frame -> {
            assertThat(frame.function()).contains("getpgid");
            assertThat(frame.file()).contains("libc");
            assertThat(frame.kind()).isEqualTo(Frame.Kind.NATIVE);
            assertThat(frame.address()).isPositive();
        });
    }

    @Test
    void whatClearTakesAwayIsInTheNextProfile() throws Exception {
        assertThat(rig.apply(CLEARS)).isEmpty();
        ProbeRig.run(rig.selected(), "import os\nfor _ in range(4): os.getpgid(0)\nos.getsid(0)");
        rig.runs().doWork();
        calls("os.getpgid(0)\nos.getpgid(0)", 6);
        assertThat(total()).isEqualTo(6);
    }

    @Test
    void whatWasCountedBeforeAnEditOrTheEndStillLeaves() throws Exception {
        assertThat(rig.apply(CALLS)).isEmpty();
        ProbeRig.run(rig.selected(), "import os\nos.getpgid(0)");
        assertThat(rig.apply(CALLS.replace("count()", "sum(2)"))).isEmpty();
        ProbeRig.run(rig.selected(), "import os\nos.getpgid(0)");
        profiles.addAll(rig.runs().profiles());
        assertThat(total()).isEqualTo(3);
        ProbeRig.run(rig.selected(), "import os\nos.getpgid(0)");
        rig.runs().apply(List.of(), List.of());
        profiles.addAll(rig.runs().profiles());
        assertThat(total()).isEqualTo(5);
    }
}
