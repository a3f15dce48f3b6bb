package dev.spandrel.operator.desired;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** Runs an action once things have been quiet for a while, and at the latest some time after the first of them. */
final class Debounce {
    private final Duration quiet;
    private final Duration most;
    private final LongSupplier clock;
    private final BiConsumer<Runnable, Duration> later;
    private final Runnable action;
    private boolean waiting;
    private long first;
    private long last;

    /**
     * @param clock nanoseconds
     * @param later runs a task after a while, one at a time
     */
    Debounce(Duration quiet, Duration most, LongSupplier clock, BiConsumer<Runnable, Duration> later, Runnable action) {
        this.quiet = quiet;
        this.most = most;
        this.clock = clock;
        this.later = later;
        this.action = action;
    }

    synchronized void changed() {
        last = clock.getAsLong();
        if (!waiting) {
            waiting = true;
            first = last;
            later.accept(this::check, quiet);
        }
    }

    private void check() {
        synchronized (this) {
            long wait = Math.min(last + quiet.toNanos(), first + most.toNanos()) - clock.getAsLong();
            if (wait > 0) {
                later.accept(this::check, Duration.ofNanos(wait));
                return;
            }
            waiting = false; // what changes from here on is seen by the next run
        }
        action.run();
    }
}
