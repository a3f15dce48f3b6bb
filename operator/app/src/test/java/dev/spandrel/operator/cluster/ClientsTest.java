package dev.spandrel.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicySpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ClientsTest {
    @Test
    void aWordFromTheFutureDoesNotBreakTheWatch() {
        TracePolicy policy = Clients.serialization().unmarshal("""
                metadata: {name: x}
                spec: {roles: [Server, Peer], laterField: {a: 1}}
                status: {conditions: [{type: Accepted, status: "True", reason: LaterReason, message: m, lastTransitionTime: t}]}
                """, TracePolicy.class);
        assertThat(policy.getSpec().roles()).containsExactly(TracePolicySpec.Role.Server, null);
    }

    @Test
    void ofManagedFieldsTheFirstLevelIsRead() {
        Pod pod = Clients.serialization().unmarshal("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "managedFields": [
                  {"manager": "a", "fieldsV1": {"f:metadata": {"f:labels": {".": {}, "f:app": {}}}, "f:spec": {"f:x": []}}},
                  {"manager": "b", "fieldsV1": {"f:status": {}}, "subresource": "status"}, {"manager": "c"}], "uid": "u"}}
                """, Pod.class);
        assertThat(pod.getMetadata().getManagedFields())
                .extracting(entry -> entry.getFieldsV1() == null
                        ? null
                        : entry.getFieldsV1().getAdditionalProperties().keySet())
                .containsExactly(Set.of("f:metadata", "f:spec"), Set.of("f:status"), null);
        assertThat(pod.getMetadata().getManagedFields().get(1).getSubresource()).isEqualTo("status");
        assertThat(pod.getMetadata().getUid()).isEqualTo("u");
        assertThat(Clients.serialization().asJson(Clients.withoutManagedFields(pod)))
                .doesNotContain("managedFields");
    }

    @Test
    void ofANodeInventoriesReadItsMetadata() {
        Node node = Clients.whatMatters().unmarshal("""
                apiVersion: v1
                kind: Node
                metadata: {name: n, labels: {zone: a}, managedFields: [{manager: kubelet}]}
                spec: {podCIDR: 10.0.0.0/24, later: 1}
                status: {images: [{names: [x], sizeBytes: 1}]}
                """, Node.class);
        assertThat(node.getMetadata().getLabels()).containsEntry("zone", "a");
        assertThat(node.getMetadata().getManagedFields()).isEmpty();
        assertThat(node.getSpec()).isNull();
        assertThat(node.getStatus()).isNull();
    }
}
