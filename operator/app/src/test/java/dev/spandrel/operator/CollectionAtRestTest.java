package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A heap that may hold 100 MiB of old ones, of which 60 survived the last collection of all. */
final class CollectionAtRestTest {
    private static final long MIB = 1 << 20;

    private final Given heap = new Given();
    private final CollectionAtRest collection = new CollectionAtRest(heap, () -> heap.collections++);

    private static final class Given implements CollectionAtRest.Heap {
        long young;
        long old = 60 * MIB;
        int collections;

        @Override
        public long young() {
            return young;
        }

        @Override
        public long old() {
            return old;
        }

        @Override
        public long kept() {
            return 60 * MIB;
        }

        @Override
        public long mostOld() {
            return 100 * MIB;
        }
    }

    private void allocate(long bytes) {
        heap.young += bytes;
        collection.look();
    }

    @Test
    void restsWhileLittleIsAllocated() {
        heap.old = 81 * MIB;
        allocate(MIB / 2);
        assertThat(heap.collections).isOne();
    }

    @Test
    void waitsUntilWhatIsBeingDoneIsDone() {
        heap.old = 99 * MIB;
        allocate(5 * MIB);
        allocate(5 * MIB);
        assertThat(heap.collections).isZero();
        allocate(0);
        assertThat(heap.collections).isOne();
    }

    @Test
    void isBusyWhereTheYoungOnesWereCollectedInBetween() {
        heap.old = 99 * MIB;
        allocate(9 * MIB);
        allocate(-8 * MIB);
        assertThat(heap.collections).isZero();
    }

    @Test
    void leavesAHeapAloneThatHasRoom() {
        heap.old = 79 * MIB;
        allocate(0);
        assertThat(heap.collections).isZero();
    }
}
