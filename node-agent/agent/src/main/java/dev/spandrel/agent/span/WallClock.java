package dev.spandrel.agent.span;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * CLOCK_MONOTONIC to wall-clock nanoseconds. The distance of the two clocks is measured now and then, so a stepped wall clock moves later spans as a
 * whole and never makes a duration wrong: both ends of a span are moved by the same distance. What is within the error of measuring is no step: requests that
 * one read brought begin at one time, also where it is measured between them.
 */
public final class WallClock {
    private static final long MEASURE_EVERY = 5_000_000_000L;

    private final LongSupplier monotonic;
    private final LongSupplier wall;
    private long distance;
    /** How long the reading took: {@code distance} is wrong by half of it at most. */
    private long took;

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
        long best = Long.MAX_VALUE / 2;
        long found = 0;
        for (int i = 0; i < 5; i++) {
            long before = monotonic.getAsLong();
            long at = wall.getAsLong();
            long after = monotonic.getAsLong();
            if (after - before < best) {
                best = after - before;
                found = at - before - (after - before) / 2;
            }
        }
        // Much more exact ones are taken: so often that can be.
        if (Math.abs(found - distance) > took / 2 + best / 2 || best < took / 2) {
            distance = found;
            took = best;
        }
        measured = now;
    }
}
