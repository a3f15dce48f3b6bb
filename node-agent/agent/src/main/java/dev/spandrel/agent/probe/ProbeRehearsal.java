package dev.spandrel.agent.probe;

import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeLimits;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Rejection;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Probes that run for nothing before anybody wants one: what the first one would have to wait for is read, and the JVM has compiled some of it. What is attached is a clock of their own; all else is only handed to the
 * kernel. Of one thread.
 */
final class ProbeRehearsal {
    private static final Logger LOG = Logger.getLogger(ProbeRehearsal.class);
    /** Of these as written, nothing is attached. */
    private static final List<String> CHECKED = List.of("""
            tracepoint:syscalls:sys_enter_getpgid { @calls[comm] = count(); @start[tid] = nsecs; }
            tracepoint:syscalls:sys_exit_getpgid /@start[tid]/ { @took = hist(nsecs - @start[tid]); delete(@start[tid]); }""", """
            tracepoint:sched:sched_process_exec { printf("%s %d\\n", str(args.filename), pid); @sum[kstack] = sum(1); }""");

    private static final String ATTACHED = """
            interval:ms:1 { $n = nsecs; @c[comm, 1] = count(); @h = hist($n); @m = max($n); printf("%s %d\\n", comm, pid); }""";

    private static final ProbeLimits LIMITS = ProbeLimits.newBuilder()
            .setCpuMillionths(1_000_000)
            .setMapBytes(8 << 20)
            .setEventsPerSecond(1000)
            .build();

    private final ProbeRuns runs;
    private final Queue<Runnable> steps;

    /** @param runs of its own, that nobody else sees */
    ProbeRehearsal(ProbeRuns runs) {
        this.runs = runs;
        Runnable attached = () -> apply(set("attached", true, List.of(ATTACHED)));
        Runnable gather = () -> {
            runs.doWork();
            runs.reports();
            runs.collect();
            runs.profiles();
        };
        steps = new ArrayDeque<>(List.of(
                () -> apply(set("checked", false, CHECKED.subList(0, 1))),
                () -> apply(set("checked", false, CHECKED)),
                attached,
                gather,
                gather,
                runs::close));
    }

    private static ProbeSetConfig set(String name, boolean attach, List<String> programs) {
        return ProbeSetConfig.newBuilder()
                .setName("rehearsal/" + name)
                .setAttach(attach)
                .addAllProbes(IntStream.range(0, programs.size())
                        .mapToObj(number -> ProbeConfig.newBuilder()
                                .setName("p" + number)
                                .setProgram(programs.get(number))
                                .setLimits(LIMITS)
                                .setConfined(true)
                                .build())
                        .toList())
                .build();
    }

    private void apply(ProbeSetConfig set) {
        List<Rejection> rejected = runs.apply(List.of(set), List.of());
        // Whoever applies such a probe is told why.
        rejected.forEach(one -> LOG.debugf("not rehearsed: %s", one.getMessage()));
    }

    /** One more step, some milliseconds long; false: that was the last one. */
    boolean step() {
        Runnable next = steps.remove();
        try {
            next.run();
        } catch (RuntimeException e) {
            LOG.debug("the rehearsal of probes ends early", e);
            steps.clear();
            runs.close();
        }
        return !steps.isEmpty();
    }
}
