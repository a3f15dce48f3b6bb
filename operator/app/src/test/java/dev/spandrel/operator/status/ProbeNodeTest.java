package dev.spandrel.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Kernel;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.operator.push.KnownFields;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.policy.NodeProbes;
import dev.spandrel.policy.NodeTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProbeNodeTest {
    private static final String SET = "shop/set";
    private final NodeTarget target = target("2", true, "pod/a");

    @Test
    void otherThingsOfTheNodeMayBeOnTheirWay() {
        assertThat(of(target("1", true, "pod/a", "pod/b"))).isEqualTo(new ProbeNode.Taken());
        assertThat(of(target("1", false, "pod/a"))).isEqualTo(new ProbeNode.Pending(true));
        assertThat(of(target("1", true))).isEqualTo(new ProbeNode.Pending(true));
    }

    @Test
    void ofAnotherReplicasNodeTheVersionIsEnough() {
        assertThat(of(NodeTarget.ofVersion("2"))).isEqualTo(new ProbeNode.Taken());
        assertThat(of(NodeTarget.ofVersion("1"))).isEqualTo(new ProbeNode.Pending(true));
    }

    @Test
    void refusalsAreOfOneSet() {
        Rejection own = rejection("probe/shop/set/one");
        Rejection other = rejection("probe/shop/settings/one");
        assertThat(of(target, other)).isEqualTo(new ProbeNode.Taken());
        assertThat(of(target, other, own)).isEqualTo(new ProbeNode.Refused(List.of(own)));
    }

    private ProbeNode of(NodeTarget held, Rejection... rejections) {
        Map<String, Rejection> rejected = new HashMap<>();
        for (Rejection rejection : rejections) rejected.put(rejection.getWorkloadId(), rejection);
        return ProbeNode.of(
                SET,
                target,
                new NodeProgress(
                        Optional.of(held),
                        rejected,
                        Map.of(),
                        Set.of(),
                        KnownFields.ALL,
                        Optional.empty(),
                        Kernel.getDefaultInstance(),
                        NodeProgress.Probes.of(true, List.of())));
    }

    /** @param known the pods that the target tells of; the set names pod/a */
    private static NodeTarget target(String version, boolean attach, String... known) {
        ProbeSetConfig set = ProbeSetConfig.newBuilder()
                .setName(SET)
                .setAttach(attach)
                .addWorkloads("pod/a")
                .build();
        return new NodeTarget(
                version,
                List.of(),
                new NodeProbes(
                        List.of(set),
                        List.of(known).stream()
                                .map(id -> Workload.newBuilder().setId(id).build())
                                .toList()));
    }

    private static Rejection rejection(String id) {
        return Rejection.newBuilder().setWorkloadId(id).build();
    }
}
