package dev.spandrel.operator.reconcile;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Nodes that something was heard of, told many at once: when thousands acknowledge, a policy's status is looked at a few times and not a few thousand. One thread, "progress". */
final class Gathered implements AutoCloseable {
    private static final int MILLIS = 50;

    private final Set<String> nodes = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Consumer<Set<String>> told;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("progress").daemon().factory());

    Gathered(Consumer<Set<String>> told) {
        this.told = told;
    }

    void add(String node) {
        nodes.add(node);
        if (scheduled.compareAndSet(false, true) && !thread.isShutdown()) {
            thread.schedule(this::tell, MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tell() {
        scheduled.set(false);
        Set<String> heard = Set.copyOf(nodes);
        nodes.removeAll(heard); // one that is heard of again meanwhile is looked at now all the same
        told.accept(heard);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
