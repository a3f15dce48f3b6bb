package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Acknowledgement;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeLimits;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ProbeSets of each sort of attach point, in an agent on whichever kernel this is: each counts what one of two cgroups does, until it is taken away. A sort that the
 * kernel does not have is refused, and the others run.
 */
@Tag(OtherKernel.TAG)
final class ProbeSetKernelsE2E {
    private static final int CALLS = 10;
    /** No process has this id, and nobody else asks for it. */
    private static final String NOBODY = "4194000";

    /** By the name of its set. */
    private static final Map<String, String> PROGRAMS = Map.of(
            "tracepoint",
            "tracepoint:syscalls:sys_enter_getpgid /args.pid == NOBODY/ { @calls = count(); }",
            "uprobe",
            "uprobe:libc:getpgid /arg0 == NOBODY/ { @inside[tid] = 1; } uretprobe:libc:getpgid /@inside[tid]/ { @calls = count(); delete(@inside[tid]); }",
            "kprobe",
            "kprobe:find_task_by_vpid /arg0 == NOBODY/ { @inside[tid] = 1; } kretprobe:find_task_by_vpid /@inside[tid]/ { @calls = count(); delete(@inside[tid]); }",
            "fentry",
            "fentry:find_task_by_vpid /args.vnr == NOBODY/ { @calls = count(); }",
            "fexit",
            "fexit:find_task_by_vpid /args.vnr == NOBODY && retval == 0/ { @calls = count(); }",
            "profile",
            "profile:hz:99 { @calls = count(); }");

    private static final String CALLER = """
            import os, sys
            print('ready', flush=True)
            for line in sys.stdin:
              for i in range(%d):
                try: os.getpgid(%s)
                except OSError: pass
              for i in range(1000000): pass
              print('called', flush=True)
            """.formatted(CALLS, NOBODY);

    private static final String POD = "web-1";
    private static final ProbeLimits LIMITS = ProbeLimits.newBuilder()
            .setCpuMillionths(1_000_000)
            .setMapBytes(8 << 20)
            .setEventsPerSecond(1000)
            .build();

    private final TestCgroup selected = TestCgroup.make("probed");
    private final TestCgroup other = TestCgroup.make("not-probed");
    private final OtlpSink sink = new OtlpSink();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        List.of(selected, other).forEach(TestCgroup::close);
        sink.close();
    }

    @Test
    void eachSortCountsTheSelectedProcessesAlone() {
        Talk ours = caller(selected);
        Talk strangers = caller(other);
        try (PushingOperator operator = new PushingOperator();
                AgentProcess agent = AgentProcess.startWith(
                        sink.environment(), directory, "--operator", operator.address(), "--node", "node-1")) {
            Acknowledgement answer = operator.push("probes", everything());
            assertThat(answer.getRejectedList())
                    .allSatisfy(one -> assertThat(one.getMessage()).contains("kernel refuses"))
                    .extracting(one -> one.getWorkloadId().replaceAll(".*/", ""))
                    .containsExactlyInAnyOrderElementsOf(refusedHere());

            call(strangers);
            call(ours);
            Set<String> exact = new TreeSet<>(PROGRAMS.keySet());
            exact.removeAll(refusedHere());
            exact.remove("profile");
            exact.forEach(sort -> Await.until(sort + " has counted", () -> counted(sort) >= CALLS));
            assertThat(exact).allSatisfy(sort -> assertThat(counted(sort)).isEqualTo(CALLS));
            Await.until("samples of who is busy", () -> counted("profile") > 0);

            operator.push("nothing", Push.newBuilder());
            Await.until("nothing attached", () -> BpfHeld.by(agent).links().isEmpty());
        }
    }

    private static List<String> refusedHere() {
        List<String> refused = new ArrayList<>();
        if (!KernelFunctions.haveBreakpoints()) refused.add("kprobe");
        if (!KernelFunctions.haveTrampolines()) refused.addAll(List.of("fentry", "fexit"));
        return refused;
    }

    private Push.Builder everything() {
        Push.Builder push = Push.newBuilder()
                .addProbed(Workload.newBuilder()
                        .setId(POD)
                        .setCgroupPath("/" + TestCgroup.mount().relativize(selected.directory()))
                        .putAttributes("k8s.pod.name", POD));
        PROGRAMS.forEach((sort, program) -> push.addProbeSets(ProbeSetConfig.newBuilder()
                .setName("shop/" + sort)
                .addWorkloads(POD)
                .setAttach(true)
                .addProbes(ProbeConfig.newBuilder()
                        .setName(sort)
                        .setProgram(program.replace("NOBODY", NOBODY))
                        .setLimits(LIMITS))));
        return push;
    }

    private Talk caller(TestCgroup cgroup) {
        Talk talk = Talk.with(cgroup.converse(List.of("python3", "-S", "-c", CALLER)));
        talk.await("ready");
        return talk;
    }

    private static void call(Talk caller) {
        caller.say("go");
        caller.await("called");
    }

    /** As of now, by the probe of this sort. */
    private long counted(String sort) {
        List<OtlpSink.Arrived<Metric>> all = sink.metrics(sort + ".calls");
        assertThat(all).allSatisfy(one -> assertThat(one.resource()).containsEntry("k8s.pod.name", POD));
        return all.isEmpty()
                ? 0
                : all.getLast().what().getSum().getDataPoints(0).getAsInt();
    }
}
