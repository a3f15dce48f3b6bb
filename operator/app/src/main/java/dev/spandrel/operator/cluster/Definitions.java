package dev.spandrel.operator.cluster;

import dev.spandrel.crds.TracePolicy;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** The custom resource definitions: installed where they are missing and it may, otherwise left alone. */
public final class Definitions {
    private static final Logger LOG = Logger.getLogger(Definitions.class);
    private static final String NAME = "tracepolicies.spandrel.dev";
    private static final String FILE = "tracepolicies.spandrel.dev-v1.yaml";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private Definitions() {}

    /** Where it may not look or install, it says so: what then fails is the watch. */
    public static void install(KubernetesClient client) {
        CustomResourceDefinition wanted = load(client);
        String name = wanted.getMetadata().getName();
        Resource<CustomResourceDefinition> definition =
                client.apiextensions().v1().customResourceDefinitions().withName(name);
        try {
            if (definition.get() == null) {
                client.resource(wanted).create();
                LOG.infof("installed %s", name);
            }
            awaitEstablished(definition);
        } catch (KubernetesClientException e) {
            switch (e.getCode()) {
                case FORBIDDEN ->
                    LOG.warnf("may not check or install %s; kubectl apply -f %s if it is missing", name, FILE);
                case CONFLICT -> LOG.infof("%s is being installed by somebody else", name);
                default -> throw e;
            }
        }
    }

    /**
     * Deleted, or being deleted: its policies go before it does. An API server that does not answer has not said that it is there.
     * Where it may not be looked at it is taken to be there.
     */
    public static boolean isGone(KubernetesClient client) {
        try {
            CustomResourceDefinition definition = client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(NAME)
                    .get();
            return definition == null || definition.isMarkedForDeletion();
        } catch (KubernetesClientException e) {
            return e.getCode() != FORBIDDEN;
        }
    }

    /** By looking again: to watch it would take two more rights, for a moment that has mostly passed. */
    private static void awaitEstablished(Resource<CustomResourceDefinition> definition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isEstablished(definition.get())) {
            if (System.nanoTime() > deadline) {
                throw new KubernetesClientException(NAME + " is not established after " + PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private static boolean isEstablished(CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static CustomResourceDefinition load(KubernetesClient client) {
        try (InputStream yaml = TracePolicy.class.getResourceAsStream(FILE)) {
            return client.getKubernetesSerialization().unmarshal(yaml, CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
