package dev.spandrel.operator.cluster;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Connections to the cluster that KUBECONFIG, or the pod's service account, names. */
public final class Clients {
    private Clients() {}

    public static KubernetesClient connect() {
        return connect(Config.autoConfigure(null));
    }

    public static KubernetesClient connect(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization())
                .withHttpClientBuilderConsumer(
                        builder -> builder.addOrReplaceInterceptor("contact", new Contact(System::nanoTime)))
                .build();
    }

    /** A word that this version does not know is read as null: one policy is then invalid, instead of the whole watch. */
    public static KubernetesSerialization serialization() {
        return new KubernetesSerialization(
                new ObjectMapper().enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL), true);
    }
}
