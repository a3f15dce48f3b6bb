package dev.spandrel.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.policy.Container;
import dev.spandrel.policy.Pod.Owner;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PodsTest {
    @Test
    void whatMattersIsKept() {
        dev.spandrel.policy.Pod pod = Pods.live(pod("Running")).orElseThrow();
        assertThat(pod.node()).isEqualTo("n");
        assertThat(pod.owner()).contains(new Owner("ReplicaSet", "web-6d5f"));
        assertThat(pod.annotations()).containsOnlyKeys("resource.opentelemetry.io/team");
        assertThat(pod.containers())
                .containsExactly(
                        new Container("web", Optional.of("abc")),
                        new Container("side", Optional.empty()),
                        new Container("setup", Optional.of("def")));
    }

    @Test
    void theRestIsNotRead() {
        Pod pod = pod("Running");
        assertThat(pod.getMetadata().getManagedFields()).isEmpty();
        assertThat(pod.getSpec().getVolumes()).isEmpty();
        assertThat(pod.getSpec().getAdditionalProperties()).isEmpty();
        assertThat(pod.getSpec().getContainers().getFirst().getImage()).isNull();
        assertThat(pod.getStatus().getPodIP()).isNull();
    }

    @Test
    void finishedAndUnscheduledPodsAreNotThere() {
        assertThat(Pods.live(pod("Succeeded"))).isEmpty();
        assertThat(Pods.live(pod("Failed"))).isEmpty();
        Pod unscheduled = pod("Pending");
        unscheduled.getSpec().setNodeName(null);
        assertThat(Pods.live(unscheduled)).isEmpty();
    }

    private static Pod pod(String phase) {
        return Clients.whatMatters().unmarshal("""
                metadata:
                  namespace: shop
                  name: web-1
                  uid: u
                  labels: {app: web}
                  annotations: {resource.opentelemetry.io/team: red, kubectl.kubernetes.io/last-applied-configuration: x}
                  ownerReferences:
                  - {kind: Node, name: other}
                  - {kind: ReplicaSet, name: web-6d5f, controller: true}
                  managedFields: [{manager: kubelet, fieldsV1: {"f:status": {}}}]
                spec:
                  nodeName: n
                  containers: [{name: web, image: web:1}, {name: side}]
                  volumes: [{name: data, emptyDir: {}}]
                  later: {a: [1]}
                status:
                  phase: %s
                  podIP: 10.0.0.1
                  initContainerStatuses: [{name: setup, containerID: "containerd://def"}]
                  containerStatuses: [{name: web, containerID: "cri-o://abc"}, {name: side}]
                """.formatted(phase), Pod.class);
    }
}
