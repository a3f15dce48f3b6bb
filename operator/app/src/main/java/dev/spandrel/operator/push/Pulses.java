package dev.spandrel.operator.push;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Up to when what was sent to an event loop has been heard and, if it was part of a handshake, thought about. A beat goes the way that a handshake goes: from the loop to the handshakes' threads, and back. */
final class Pulses {
    private static final int PERIOD_MILLIS = 20;

    private final Map<EventExecutor, Beats> beats = new ConcurrentHashMap<>();
    private final Executor handshakes;
    private final LongSupplier clock;

    /** When the last two began that are over; between them the loop looked at all its connections. */
    private record Beats(long before, long last) {}

    /** @param clock nanoseconds */
    Pulses(EventLoopGroup loops, Executor handshakes, LongSupplier clock) {
        this.handshakes = handshakes;
        this.clock = clock;
        for (EventExecutor loop : loops) {
            long now = clock.getAsLong();
            beats.put(loop, new Beats(now, now));
            loop.execute(() -> beat(loop));
        }
    }

    private void beat(EventExecutor loop) {
        long begin = clock.getAsLong();
        try {
            handshakes.execute(() -> loop.execute(() -> over(loop, begin)));
        } catch (RejectedExecutionException _) {
            // the server is ending
        }
    }

    private void over(EventExecutor loop, long begin) {
        beats.computeIfPresent(loop, (_, beat) -> new Beats(beat.last(), begin));
        loop.schedule(() -> beat(loop), PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    long heardUntil(EventExecutor loop) {
        return beats.get(loop).before();
    }
}
