package dev.spandrel.operator;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Has the heap collected whole while nothing is done, for else that happens when it is full: in the midst of a change of policy, which all nodes
 * then wait for (half a second with 100,000 pods).
 */
final class CollectionAtRest implements AutoCloseable {
    private static final long LOOK_MILLIS = 50;
    /** What is allocated between two looks while nothing is done, bytes: nodes say that they live, and health is asked for. */
    private static final long LITTLE = 1 << 20;

    private final Heap heap;
    private final Runnable collect;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("collection at rest").daemon().factory());
    private long youngBefore;

    /** All in bytes. */
    interface Heap {
        /** Allocated since the last collection. */
        long young();

        long old();

        /** Of the old ones after the last collection of all. */
        long kept();

        long mostOld();
    }

    /** @param collect collects all of the heap */
    CollectionAtRest(Heap heap, Runnable collect) {
        this.heap = heap;
        this.collect = collect;
    }

    /** Empty unless the collector is the serial one, whose pools are known here. */
    static Optional<CollectionAtRest> start() {
        return pool("Eden Space")
                .flatMap(young -> pool("Tenured Gen").map(old -> {
                    CollectionAtRest started = new CollectionAtRest(new Pools(young, old), System::gc);
                    started.thread.scheduleWithFixedDelay(
                            started::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    return started;
                }));
    }

    void look() {
        long allocated = heap.young() - youngBefore;
        if (allocated >= 0 && allocated < LITTLE && isWorthIt()) {
            collect.run();
        }
        youngBefore = heap.young();
    }

    /** Half of what the last one left free is used again. */
    private boolean isWorthIt() {
        return heap.old() - heap.kept() > (heap.mostOld() - heap.kept()) / 2;
    }

    private record Pools(MemoryPoolMXBean eden, MemoryPoolMXBean tenured) implements Heap {
        @Override
        public long young() {
            return eden.getUsage().getUsed();
        }

        @Override
        public long old() {
            return tenured.getUsage().getUsed();
        }

        @Override
        public long kept() {
            return tenured.getCollectionUsage().getUsed();
        }

        @Override
        public long mostOld() {
            return tenured.getUsage().getMax();
        }
    }

    private static Optional<MemoryPoolMXBean> pool(String name) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(name))
                .findFirst();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
