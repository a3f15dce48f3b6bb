package dev.spandrel.operator.reconcile;

import dev.spandrel.operator.push.Heard;
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

/** What was heard of nodes, told many at once: when thousands acknowledge, a policy's status is looked at a few times and not a few thousand. One thread, "progress". */
final class Gathered implements AutoCloseable {
    private static final int MILLIS = 50;

    private final Map<String, Heard> byNode = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Consumer<Collection<Heard>> told;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("progress").daemon().factory());

    Gathered(Consumer<Collection<Heard>> told) {
        this.told = told;
    }

    void add(Heard heard) {
        byNode.merge(heard.node(), heard, Heard::and);
        if (scheduled.compareAndSet(false, true) && !thread.isShutdown()) {
            thread.schedule(this::tell, MILLIS, TimeUnit.MILLISECONDS);
        }
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
