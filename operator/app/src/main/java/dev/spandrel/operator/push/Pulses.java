package dev.spandrel.operator.push;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Up to when each event loop has heard what was sent to it. */
final class Pulses {
    private static final int PERIOD_MILLIS = 20;

    private final Map<EventExecutor, Beats> beats = new ConcurrentHashMap<>();

    /** Between two beats a loop has looked at all its connections. */
    private record Beats(long before, long last) {}

    /** @param clock nanoseconds */
    Pulses(EventLoopGroup loops, LongSupplier clock) {
        for (EventExecutor loop : loops) {
            long now = clock.getAsLong();
            beats.put(loop, new Beats(now, now));
            loop.scheduleWithFixedDelay(
                    () -> beats.computeIfPresent(loop, (_, beat) -> new Beats(beat.last(), clock.getAsLong())),
                    PERIOD_MILLIS,
                    PERIOD_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    long heardUntil(EventExecutor loop) {
        return beats.get(loop).before();
    }
}
