package dev.spandrel.operator.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

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

    /** One by the same connections that reads of pods and nodes what matters, and is not for writing them. It ends with the other. */
    public static KubernetesClient ofInventories(KubernetesClient client) {
        return new KubernetesClientImpl(
                client.getHttpClient(),
                client.getConfiguration(),
                () -> Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("inventory-", 0).daemon().factory()),
                whatMatters());
    }

    static KubernetesSerialization whatMatters() {
        return serialization(WhatMatters.module());
    }

    /** A word that this version does not know is read as null: one policy is then invalid, instead of the whole watch. Of managed fields only the first level is read. */
    public static KubernetesSerialization serialization() {
        return serialization(new SimpleModule("all"));
    }

    private static KubernetesSerialization serialization(Module read) {
        return new KubernetesSerialization(
                new ObjectMapper()
                        .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
                        .registerModule(
                                new SimpleModule("first level").addDeserializer(FieldsV1.class, new FirstLevel()))
                        .registerModule(read),
                true);
    }

    /** For an object that is sent back: the API server then keeps what it knows of managed fields, of which we have read a part. */
    public static <T extends HasMetadata> T withoutManagedFields(T resource) {
        resource.getMetadata().setManagedFields(List.of());
        return resource;
    }

    /** Much of what the API server says of a pod is who set which field; all that is asked here is whether somebody set the spec. */
    private static final class FirstLevel extends StdDeserializer<FieldsV1> {
        private static final long serialVersionUID = 1;

        FirstLevel() {
            super(FieldsV1.class);
        }

        @Override
        public FieldsV1 deserialize(JsonParser json, DeserializationContext context) throws IOException {
            FieldsV1 fields = new FieldsV1();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                json.skipChildren();
                fields.setAdditionalProperty(name.intern(), Map.of());
            }
            return fields;
        }
    }
}
