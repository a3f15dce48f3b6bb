package dev.spandrel.agent.span;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * CLOCK_MONOTONIC to wall-clock nanoseconds. The distance of the two clocks is measured now and then, so a stepped wall clock moves later spans as a
 * whole and never makes a duration wrong: both ends of a span are moved by the same distance.
 */
public final class WallClock {
    private static final long MEASURE_EVERY = 5_000_000_000L;

    private final LongSupplier monotonic;
    private final LongSupplier wall;
    private long distance;
    private long measured;

    public WallClock(LongSupplier monotonic, LongSupplier wall) {
        this.monotonic = monotonic;
        this.wall = wall;
        measure(monotonic.getAsLong());
    }

    /** On Linux, HotSpot's {@code nanoTime} is CLOCK_MONOTONIC. */
    public static WallClock system() {
        return new WallClock(System::nanoTime, () -> {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        });
    }

    /** Call between spans, never between the two ends of one. */
    public void refresh() {
        long now = monotonic.getAsLong();
        if (now - measured >= MEASURE_EVERY) {
            measure(now);
        }
    }

    public long wall(long monotonicNanos) {
        return monotonicNanos + distance;
    }

    private void measure(long now) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long before = monotonic.getAsLong();
            long at = wall.getAsLong();
            long after = monotonic.getAsLong();
            if (after - before < best) {
                best = after - before;
                distance = at - before - (after - before) / 2;
            }
        }
        measured = now;
    }
}
