package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BpfObjectKernelIT {
    private final Arena arena = Arena.ofConfined();
    private BpfObject object;

    @BeforeEach
    void open() throws Exception {
        KernelRung.require();
        object = BpfObject.open(KernelRung.sample(), "sample");
    }

    @AfterEach
    void close() {
        if (object != null) object.close();
        arena.close();
    }

    @Test
    void aRefusedProgramBringsTheVerifiersWords() {
        assertThatThrownBy(object::load)
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("t_refused")
                .hasMessageContaining("invalid mem access");
    }

    @Test
    void anUnreadableObjectIsRefusedByName() {
        assertThatThrownBy(() -> BpfObject.open(new byte[100], "broken"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("broken");
    }

    @Test
    void aGlobalSetBeforeLoadIsWhatTheProgramSees() {
        object.global("answer").set(JAVA_INT, 0, 42);
        load();

        assertThat(object.program("t_answer").run(MemorySegment.NULL)).isEqualTo(42);
    }

    @Test
    void mapsAreWrittenReadWalkedAndDeleted() {
        load();
        var map = object.map("t_hash");
        var key = map.allocateKey(arena);
        var value = map.allocateValue(arena);
        for (long i = 1; i <= 3; i++) {
            key.set(JAVA_LONG, 0, i);
            value.set(JAVA_LONG, 0, 10 * i);
            map.update(key, value, BpfMap.Update.NO_ENTRY);
        }

        assertThat(map.lookup(key, value)).isTrue();
        assertThat(value.get(JAVA_LONG, 0)).isEqualTo(30);
        assertThatThrownBy(() -> map.update(key, value, BpfMap.Update.NO_ENTRY)).hasMessageContaining("t_hash");
        assertThat(map.delete(key)).isTrue();
        assertThat(map.delete(key)).isFalse();
        assertThat(map.lookup(key, value)).isFalse();

        var keys = new ArrayList<Long>();
        for (var at = MemorySegment.NULL; map.nextKey(at, key); at = key) keys.add(key.get(JAVA_LONG, 0));
        assertThat(keys).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void perCpuValuesAreReadInBatches() {
        object.setMaxEntries("t_percpu", 4096);
        load();
        var map = object.map("t_percpu");
        assertThat(map.maxEntries()).isEqualTo(4096);
        var key = map.allocateKey(arena);
        var value = map.allocateValue(arena);
        for (int i = 0; i < 1000; i++) {
            key.set(JAVA_INT, 0, i);
            for (int cpu = 0; cpu < map.slots(); cpu++) value.set(JAVA_INT, (long) cpu * map.stride(), i + cpu);
            map.update(key, value);
        }

        var read = new HashMap<Integer, Integer>();
        var reader = map.batchReader(arena, 128);
        for (int count = reader.next(); count > 0; count = reader.next())
            for (int i = 0; i < count; i++) {
                long at = (long) i * map.slots() * map.stride();
                int sum = 0;
                for (int cpu = 0; cpu < map.slots(); cpu++)
                    sum += reader.values().get(JAVA_INT, at + (long) cpu * map.stride());
                read.put(reader.keys().get(JAVA_INT, 4L * i), sum);
            }
        assertThat(read).hasSize(1000);
        int cpus = map.slots();
        assertThat(read.get(500)).isEqualTo(500 * cpus + cpus * (cpus - 1) / 2);
    }

    @Test
    void ringRecordsComeInOrderThroughManyRounds() {
        load();
        try (var ring = RingBuffer.open(object.map("t_ring"))) {
            var context = arena.allocate(16, 8);
            var seen = new ArrayList<Long>();
            for (long first = 0; first < 60 * 40; first += 60) {
                context.set(JAVA_LONG, 0, first);
                context.set(JAVA_INT, 8, 60);
                context.set(JAVA_INT, 12, 16);
                assertThat(object.program("t_emit").run(context)).isEqualTo(40);
                assertThat(ring.await(Duration.ofSeconds(5))).isTrue();
                ring.drain(
                        (data, offset, length) -> {
                            assertThat(length).isEqualTo(24);
                            long value = data.get(JAVA_LONG, offset);
                            assertThat(data.get(JAVA_LONG, offset + 8)).isEqualTo(~value);
                            seen.add(value);
                        },
                        1000);
            }
            assertThat(seen).hasSize(40 * 40).isSorted();
            assertThat(ring.backlog()).isZero();
            assertThat(ring.await(Duration.ofMillis(1))).isFalse();
            ring.wake();
            assertThat(ring.await(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void anAttachedProgramRunsUntilItsLinkIsClosed() throws Exception {
        load();
        var map = object.map("t_hash");
        var key = map.allocateKey(arena);
        var value = map.allocateValue(arena);
        key.set(JAVA_LONG, 0, 1);
        map.update(key, value);
        int id = object.program("t_mkdir").id();
        assertThat(id).isPositive();

        try (var link = object.program("t_mkdir").attach()) {
            assertThat(link.program()).isEqualTo("t_mkdir");
            makeCgroup();
        }
        map.lookup(key, value);
        long counted = value.get(JAVA_LONG, 0);
        assertThat(counted).isPositive();
        makeCgroup();
        map.lookup(key, value);
        assertThat(value.get(JAVA_LONG, 0)).isEqualTo(counted);
    }

    @Test
    void aClosedObjectRefusesToBeUsed() {
        load();
        var map = object.map("t_hash");
        object.close();

        assertThatThrownBy(map::fd).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void typesOfTheObjectAreKnown() {
        var value = object.btf().struct("sample_value").orElseThrow();

        assertThat(value.size()).isEqualTo(24);
        assertThat(value.members())
                .containsEntry("count", new Btf.Place(0, 8))
                .containsEntry("small", new Btf.Place(8, 4))
                .containsEntry("bytes", new Btf.Place(12, 12));
        assertThat(object.btf().enumeration("sample_enum").orElseThrow())
                .containsEntry("SAMPLE_A", 1L)
                .containsEntry("SAMPLE_B", 70L);
        assertThat(object.btf().struct("absent")).isEmpty();
    }

    @Test
    void featuresAreFoundByTrying() {
        var features = Features.detect();

        assertThat(features.map(MapType.RINGBUF)).isInstanceOf(Feature.Supported.class);
        assertThat(features.tracepoint("sys_exit")).isInstanceOf(Feature.Supported.class);
        assertThat(features.tracepoint("no_such_thing")).isInstanceOf(Feature.Unsupported.class);
    }

    @Test
    void aCgroupHasOneIdByPathAndByDescriptor() {
        var mount = Cgroup2.mount().orElseThrow();
        try (var directory = Cgroup2.open(mount).orElseThrow()) {
            assertThat(Cgroup2.id(mount)).contains(directory.id());
        }
        assertThat(Cgroup2.open(mount.resolve("spandrel-native-absent"))).isEmpty();
        assertThat(Cgroup2.id(mount.resolve("spandrel-native-absent"))).isEmpty();
    }

    @Test
    void programsThatAnotherThreadLoadedHaveTheSameMapsAndAttach() throws Exception {
        openForTwo();
        object.global("answer").set(JAVA_INT, 0, 42);
        object.disable("t_refused").load(program -> program.name().equals("t_mkdir"));

        assertThat(object.program("t_answer").run(MemorySegment.NULL)).isEqualTo(42);
        var ids = object.programs().stream()
                .filter(program -> !program.disabled())
                .map(BpfProgram::id)
                .toList();
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(2);
        try (var link = object.program("t_mkdir").attach()) {
            assertThat(link).isNotNull();
            makeCgroup();
        }
    }

    @Test
    void whatAnotherThreadIsRefusedIsSaid() throws Exception {
        openForTwo();
        assertThatThrownBy(() -> object.load(program -> program.name().equals("t_refused")))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("t_refused")
                .hasMessageContaining("invalid mem access");
    }

    @Test
    void whatIsOpenedForTwoIsNotLoadedByOne() throws Exception {
        openForTwo();
        assertThatThrownBy(object::load)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two threads");
    }

    private void openForTwo() throws Exception {
        object.close();
        object = BpfObject.openForTwo(KernelRung.sample(), "sample");
    }

    private void load() {
        object.disable("t_refused").load();
    }

    private static void makeCgroup() throws Exception {
        var made = Cgroup2.mount()
                .orElseThrow()
                .resolve("spandrel-native-" + ProcessHandle.current().pid());
        Files.createDirectory(made);
        Files.delete(made);
    }
}
