package dev.spandrel.operator.desired;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Runs an action once things have been quiet for a while, and at the latest some time after the first of them. */
final class Debounce {
    private final Duration quiet;
    private final Duration most;
    private final LongSupplier clock;
    private final ScheduledExecutorService executor;
    private final Runnable action;
    private boolean waiting;
    private long first;
    private long last;

    Debounce(Duration quiet, Duration most, LongSupplier clock, ScheduledExecutorService executor, Runnable action) {
        this.quiet = quiet;
        this.most = most;
        this.clock = clock;
        this.executor = executor;
        this.action = action;
    }

    synchronized void changed() {
        last = clock.getAsLong();
        if (!waiting) {
            waiting = true;
            first = last;
            executor.schedule(this::check, quiet.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void check() {
        synchronized (this) {
            long wait = Math.min(last + quiet.toNanos(), first + most.toNanos()) - clock.getAsLong();
            if (wait > 0) {
                executor.schedule(this::check, wait, TimeUnit.NANOSECONDS);
                return;
            }
            waiting = false; // what changes from here on is seen by the next run
        }
        action.run();
    }
}
