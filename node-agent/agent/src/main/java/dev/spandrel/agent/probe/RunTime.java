package dev.spandrel.agent.probe;

import dev.spandrel.ebpf.Bpf;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Has the kernel count what programs take, a tenth of the time: to count costs each run of each program of the machine. Of one thread. */
final class RunTime {
    private static final Logger LOG = Logger.getLogger(RunTime.class);
    private static final long PERIOD = Duration.ofSeconds(1).toNanos();
    private static final long WINDOW = Duration.ofMillis(100).toNanos();

    private Optional<AutoCloseable> counting = Optional.empty();
    private boolean open;
    private long next;

    /** True when a window has ended: the probes know what they took in it. */
    boolean doWork(Collection<RunningProbe> probes, long now) {
        if (now < next) {
            return false;
        }
        if (!open) {
            if (probes.isEmpty()) {
                next = now + PERIOD;
                return false;
            }
            counting = Bpf.countRunTime();
            probes.forEach(probe -> probe.measureFrom(now));
            open = true;
            next = now + WINDOW;
            return false;
        }
        probes.forEach(probe -> probe.measureTo(counting.isPresent(), now));
        close();
        next = now + PERIOD - WINDOW;
        return true;
    }

    void close() {
        counting.ifPresent(RunTime::stop);
        counting = Optional.empty();
        open = false;
    }

    private static void stop(AutoCloseable counting) {
        try {
            counting.close();
        } catch (Exception e) {
            LOG.warn("the kernel goes on counting run time", e);
        }
    }
}
