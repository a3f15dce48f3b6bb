package dev.spandrel.operator.reconcile;

import dev.spandrel.operator.push.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What was heard of nodes, told many at once: when thousands acknowledge, a policy's status is looked at a few times and not a few thousand. And the longer looking takes, the longer is waited before the next time:
 * when a whole fleet comes back the statuses of all policies may be others every moment, and it is the agents that matter then. One thread, "progress".
 */
final class Gathered implements AutoCloseable {
    private static final Duration AT_LEAST = Duration.ofMillis(50);
    private static final Duration AT_MOST = Duration.ofSeconds(2);
    /** Of one processor's time, at most this part is for looking. */
    private static final int PART = 5;

    private final Map<String, Heard> byNode = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Consumer<Collection<Heard>> told;
    private final LongSupplier spent;
    /** Of the thread. */
    private long spentBefore;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("progress").daemon().factory());

    /** @param spent processor time of all looking so far, nanoseconds */
    Gathered(Consumer<Collection<Heard>> told, LongSupplier spent) {
        this.told = told;
        this.spent = spent;
    }

    void add(Heard heard) {
        byNode.merge(heard.node(), heard, Heard::and);
        if (scheduled.compareAndSet(false, true) && !thread.isShutdown()) {
            thread.schedule(this::pause, AT_LEAST.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** What was told last is being looked at until now. */
    private void pause() {
        long now = spent.getAsLong();
        Duration pause = pauseAfter(Duration.ofNanos(now - spentBefore));
        spentBefore = now;
        thread.schedule(this::tell, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** How much longer than at least. */
    static Duration pauseAfter(Duration looking) {
        Duration pause = looking.multipliedBy(PART).minus(AT_LEAST);
        return pause.isNegative() ? Duration.ZERO : pause.compareTo(AT_MOST) > 0 ? AT_MOST : pause;
    }

    private void tell() {
        scheduled.set(false);
        List<Heard> heard = new ArrayList<>();
        for (String node : byNode.keySet()) {
            heard.add(byNode.remove(node));
        }
        told.accept(heard);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
