package dev.spandrel.agent.probe;

import dev.spandrel.contract.v1.ProbeLimits;
import dev.spandrel.ebpf.LoadedProgram;

/** What one probe took, and what it may yet: records by second, CPU by measured windows. Of one thread. */
final class Budget {
    /** A burst is no reason to stop it. */
    private static final int WINDOWS = 3;

    private final ProbeLimits limits;
    private long second;
    private int left;
    private long measuredFrom;
    private long takenFrom;
    private long runsFrom;
    private int over;
    private int millionths;
    private boolean measured;

    Budget(ProbeLimits limits) {
        this.limits = limits;
    }

    /** Whether one more record may leave in this second. */
    boolean takeRecord(long nanos) {
        long now = nanos / 1_000_000_000;
        if (now != second) {
            second = now;
            left = limits.getEventsPerSecond();
        }
        return left-- > 0;
    }

    /** The kernel counts from now on. */
    void begin(Iterable<LoadedProgram.Statistics> programs, long nanos) {
        measuredFrom = nanos;
        takenFrom = nanos(programs);
        runsFrom = runs(programs);
    }

    /** The kernel counted until now; runs that took no time were not counted. */
    void end(Iterable<LoadedProgram.Statistics> programs, boolean counting, long nanos) {
        long taken = nanos(programs) - takenFrom;
        measured = counting || runs(programs) > runsFrom;
        millionths = (int) Math.min(Integer.MAX_VALUE, taken * 1_000_000 / Math.max(1, nanos - measuredFrom));
        over = measured && millionths > limits.getCpuMillionths() ? over + 1 : 0;
    }

    boolean isOver() {
        return over >= WINDOWS;
    }

    String excess() {
        return "it took %.3f%% of a CPU, and its limit is %.3f%%"
                .formatted(millionths / 1e4, limits.getCpuMillionths() / 1e4);
    }

    /** In the last window. */
    int millionths() {
        return millionths;
    }

    boolean measured() {
        return measured;
    }

    private static long nanos(Iterable<LoadedProgram.Statistics> programs) {
        long sum = 0;
        for (LoadedProgram.Statistics one : programs) sum += one.nanos();
        return sum;
    }

    private static long runs(Iterable<LoadedProgram.Statistics> programs) {
        long sum = 0;
        for (LoadedProgram.Statistics one : programs) sum += one.runs();
        return sum;
    }
}
