package dev.spandrel.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.NodeProbes;
import dev.spandrel.policy.NodeTarget;
import dev.spandrel.policy.PlannedWorkload;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DeltaTest {
    private final NodeTarget held = target("1", List.of("a", "b", "d"), List.of(set("x/a", false), set("x/b", false)));

    @Test
    void whatChangedIsTold() {
        NodeTarget next = target("2", List.of("b", "c", "d"), List.of(set("x/b", true), set("x/c", false)));
        Push push = Delta.between(Optional.of(held), next).push("7");
        assertThat(push.getFull()).isFalse();
        assertThat(push.getVersion()).isEqualTo("2");
        assertThat(push.getWorkloadsList()).extracting(Workload::getId).containsExactly("c");
        assertThat(push.getRemovedList()).containsExactly("a");
        assertThat(push.getProbeSetsList()).containsExactly(set("x/b", true), set("x/c", false));
        assertThat(push.getRemovedProbeSetsList()).containsExactly("x/a");
        assertThat(push.getProbedList()).extracting(Workload::getId).containsExactly("c");
        assertThat(push.getRemovedProbedList()).containsExactly("a");
    }

    @Test
    void probesAloneTellOfNoTracedWorkload() {
        NodeTarget next = new NodeTarget("2", held.workloads(), NodeProbes.NONE);
        Delta delta = Delta.between(Optional.of(held), next);
        assertThat(delta.policies(Optional.of(held))).isEmpty();
        assertThat(delta.push("7").getRemovedList()).isEmpty();
        assertThat(delta.push("7").getRemovedProbeSetsList()).containsExactly("x/a", "x/b");
        assertThat(delta.push("7").getRemovedProbedList()).containsExactly("a", "b", "d");
    }

    @Test
    void whoHoldsNothingIsToldAll() {
        Push push = Delta.between(Optional.empty(), held).push("7");
        assertThat(push.getFull()).isTrue();
        assertThat(push.getWorkloadsCount()).isEqualTo(3);
        assertThat(push.getProbeSetsList()).isEqualTo(held.probes().sets());
        assertThat(push.getProbedList()).isEqualTo(held.probes().probed());
    }

    private static NodeTarget target(String version, List<String> ids, List<ProbeSetConfig> sets) {
        return new NodeTarget(
                version,
                workloads(ids).map(one -> PlannedWorkload.of(one)).toList(),
                new NodeProbes(sets, workloads(ids).toList()));
    }

    private static Stream<Workload> workloads(List<String> ids) {
        return ids.stream().map(id -> Workload.newBuilder().setId(id).build());
    }

    private static ProbeSetConfig set(String name, boolean attach) {
        return ProbeSetConfig.newBuilder().setName(name).setAttach(attach).build();
    }
}
