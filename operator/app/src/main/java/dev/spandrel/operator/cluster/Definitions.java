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
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** The custom resource definitions: installed where they are missing and it may, otherwise left alone. */
public final class Definitions {
    private static final Logger LOG = Logger.getLogger(Definitions.class);
    private static final String POLICIES = "tracepolicies.spandrel.dev";
    private static final String PROBES = "probesets.spandrel.dev";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private Definitions() {}

    /** What an operator found that was started. */
    public enum Found {
        THERE,
        /** It had to be installed, by this one or by somebody else: whatever was in force, no policy says so any more. */
        MISSING
    }

    public static Found install(KubernetesClient client) {
        return await(client, () -> true);
    }

    /**
     * Returns once they are there, however long it takes. Where it may not look it takes them to be there: what then fails is the watch.
     *
     * @param mayWrite whether this operator is the one to install them
     */
    public static Found await(KubernetesClient client, BooleanSupplier mayWrite) {
        Found policies = await(client, POLICIES, mayWrite);
        await(client, PROBES, mayWrite);
        return policies;
    }

    private static Found await(KubernetesClient client, String name, BooleanSupplier mayWrite) {
        Resource<CustomResourceDefinition> definition =
                client.apiextensions().v1().customResourceDefinitions().withName(name);
        Found found = Found.THERE;
        boolean refused = false;
        try {
            for (CustomResourceDefinition there = definition.get(); !isEstablished(there); there = definition.get()) {
                if (there == null) {
                    found = Found.MISSING;
                    refused = refused || mayWrite.getAsBoolean() && !create(client, name);
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos()); // to watch it would take two more rights
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != FORBIDDEN) {
                throw e;
            }
            LOG.warnf("may not look whether %s is there; kubectl apply -f %s if it is missing", name, file(name));
        }
        return found;
    }

    /** False where it may not. */
    private static boolean create(KubernetesClient client, String name) {
        try {
            client.resource(load(client, name)).create();
            LOG.infof("installed %s", name);
        } catch (KubernetesClientException e) {
            switch (e.getCode()) {
                case FORBIDDEN -> {
                    LOG.warnf(
                            "%s is missing and may not be installed here: waiting for kubectl apply -f %s",
                            name, file(name));
                    return false;
                }
                case CONFLICT -> LOG.infof("%s is being installed by somebody else", name);
                default -> throw e;
            }
        }
        return true;
    }

    /**
     * That of policies is deleted, or being deleted: they go before it does. An API server that does not answer has not said that it is there.
     * Where it may not be looked at it is taken to be there.
     */
    public static boolean isGone(KubernetesClient client) {
        try {
            CustomResourceDefinition definition = client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(POLICIES)
                    .get();
            return definition == null || definition.isMarkedForDeletion();
        } catch (KubernetesClientException e) {
            return e.getCode() != FORBIDDEN;
        }
    }

    private static boolean isEstablished(CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static String file(String name) {
        return name + "-v1.yaml";
    }

    private static CustomResourceDefinition load(KubernetesClient client, String name) {
        try (InputStream yaml = TracePolicy.class.getResourceAsStream(file(name))) {
            return client.getKubernetesSerialization().unmarshal(yaml, CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
