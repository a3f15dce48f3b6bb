package dev.spandrel.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

final class SeenTest {
    private static final String UID = "0f5d7b1e-93c4-4f53-a2ce-1c8be2a6d1f0";

    private final Seen<Pod> seen = new Seen<>(Pod::new);

    @Test
    void anObjectIsRememberedByWhatAnInformerAsksFor() {
        Pod first = pod("shop", "7");
        assertThat(seen.put(seen.getKey(first), first)).isNull();
        assertThat(seen.put("shop/web", pod("shop", "8")).getMetadata().getResourceVersion())
                .isEqualTo("7");
        seen.put("bank/web", pod("bank", "9"));

        ObjectMeta known = seen.get("shop/web").getMetadata();
        assertThat(known.getUid()).isEqualTo(UID);
        assertThat(known.getResourceVersion()).isEqualTo("8");
        assertThat(known.getLabels()).isEmpty();
        assertThat(seen.keySet()).containsExactlyInAnyOrder("shop/web", "bank/web");
        assertThat(seen.values().map(seen::getKey)).containsExactlyInAnyOrder("shop/web", "bank/web");
        assertThat(seen.in("shop")).containsExactly("web");

        assertThat(seen.remove("shop/web").getMetadata().getUid()).isEqualTo(UID);
        assertThat(seen.get("shop/web")).isNull();
        assertThat(seen.size()).isEqualTo(1);
    }

    private static Pod pod(String namespace, String resourceVersion) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("web")
                .withUid(UID)
                .withResourceVersion(resourceVersion)
                .addToLabels("app", "web")
                .endMetadata()
                .build();
    }
}
