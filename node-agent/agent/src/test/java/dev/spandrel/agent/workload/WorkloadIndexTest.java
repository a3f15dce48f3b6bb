package dev.spandrel.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.workload.WorkloadIndex.Place;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadIndexTest {
    private static final String CONTAINER = "0123456789abcdef".repeat(4);

    private Instant now = Instant.EPOCH;
    private final WorkloadIndex index = new WorkloadIndex(() -> now);
    private final Selected web = selected("pod/web", Map.of(CONTAINER, "nginx"));

    @Test
    void answersTheWorkloadOfASelectedCgroup() {
        index.replace(Map.of(7L, new Place("/kubepods/podweb", web)));

        assertThat(index.byCgroup(7).id()).isEqualTo("pod/web");
        assertThat(index.byCgroup(8)).isNull();
    }

    @Test
    void aCgroupThatTheKernelSawBelongsToItsParent() {
        index.replace(Map.of(7L, new Place("/kubepods/podweb", web)));
        index.cgroupMade(8, 7, "/kubepods/podweb/cri-containerd-" + CONTAINER + ".scope");
        index.cgroupMade(9, 6, "/elsewhere/x");

        assertThat(index.byCgroup(8).containerId()).contains(CONTAINER);
        assertThat(index.byCgroup(8).containerName()).contains("nginx");
        assertThat(index.byCgroup(9)).isNull();
    }

    @Test
    void whatIsGoneStaysResolvableForAMinute() {
        index.replace(Map.of(7L, new Place("/a", web), 8L, new Place("/b", web)));
        index.cgroupRemoved(7);
        index.replace(Map.of());
        now = now.plusSeconds(59);
        index.replace(Map.of());
        assertThat(index.byCgroup(7)).isNotNull();
        assertThat(index.byCgroup(8)).isNotNull();

        now = now.plusSeconds(2);
        index.replace(Map.of());
        assertThat(index.byCgroup(7)).isNull();
        assertThat(index.size()).isZero();
    }

    @Test
    void anUnchangedWorkloadKeepsItsIdentity() {
        index.replace(Map.of(7L, new Place("/a", web)));
        var before = index.byCgroup(7);
        index.replace(Map.of(
                7L, new Place("/a", selected("pod/web", Map.of(CONTAINER, "nginx"))), 8L, new Place("/b", web)));

        assertThat(index.byCgroup(7)).isSameAs(before);
    }

    @Test
    void manyCgroupsAreAllFound() {
        var places = new HashMap<Long, Place>();
        for (long id = 1; id <= 5000; id++) places.put(id * 4096, new Place("/" + id, selected("w" + id, Map.of())));
        index.replace(places);

        for (long id = 1; id <= 5000; id++)
            assertThat(index.byCgroup(id * 4096).id()).isEqualTo("w" + id);
        assertThat(index.byCgroup(4097)).isNull();
    }

    private static Selected selected(String id, Map<String, String> containers) {
        return new Selected(id, Map.of("service.name", id), containers, "shop/traces", List.of(), List.of(), 0);
    }
}
