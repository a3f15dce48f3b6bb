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
 * when a whole fleet comes back the statuses of all policies may be others every moment, and it is the agents that matter then. What comes after silence is told at once. One thread, "progress".
 */
final class Gathered implements AutoCloseable {
    private static final Duration AT_LEAST = Duration.ofMillis(50);
    private static final Duration AT_MOST = Duration.ofSeconds(2);
    /** Of one processor's time, at most this part is for looking. */
    private static final int PART = 5;
    /** Looking that may be paid for later: the first time, code is cold and takes many times as long. */
    private static final Duration CREDIT = Duration.ofSeconds(1);

    private final Map<String, Heard> byNode = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Consumer<Collection<Heard>> told;
    private final LongSupplier spent;
    // Of the thread.
    private Account account = new Account(0, 0, Duration.ZERO);

    private volatile long toldLast = System.nanoTime() - AT_LEAST.toNanos();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("progress").daemon().factory());

    /**
     * What looking has taken, and what it is to wait for.
     *
     * @param spent nanoseconds of a processor until now
     * @param at when that was, nanoseconds
     * @param owed of waiting
     */
    record Account(long spent, long at, Duration owed) {
        Account with(long spentNow, long now) {
            Duration left = owed.plusNanos((spentNow - spent) * PART - (now - at));
            Duration most = CREDIT.plus(AT_MOST);
            return new Account(
                    spentNow, now, left.isNegative() ? Duration.ZERO : left.compareTo(most) > 0 ? most : left);
        }

        /** How much longer than at least is waited. */
        Duration pause() {
            return owed.compareTo(CREDIT) > 0 ? owed.minus(CREDIT) : Duration.ZERO;
        }
    }

    /** @param spent processor time of all looking so far, nanoseconds */
    Gathered(Consumer<Collection<Heard>> told, LongSupplier spent) {
        this.told = told;
        this.spent = spent;
    }

    void add(Heard heard) {
        byNode.merge(heard.node(), heard, Heard::and);
        if (scheduled.compareAndSet(false, true) && !thread.isShutdown()) {
            long silence = System.nanoTime() - toldLast;
            thread.schedule(this::pause, Math.max(0, AT_LEAST.toNanos() - silence), TimeUnit.NANOSECONDS);
        }
    }

    /** What was told last is being looked at until now. */
    private void pause() {
        account = account.with(spent.getAsLong(), System.nanoTime());
        thread.schedule(this::tell, account.pause().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void tell() {
        toldLast = System.nanoTime();
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
