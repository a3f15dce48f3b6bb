package dev.spandrel.operator.cluster;

import dev.spandrel.operator.status.Transition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Writes Kubernetes Events. The same transition of the same version of a policy has the same name, and is so written once. */
public final class Events {
    private static final Logger LOG = Logger.getLogger(Events.class);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int CONFLICT = 409;
    private static final int MOST_CHARACTERS = 1000;

    private final KubernetesClient client;
    private final String instance;

    /** @param instance which operator says so, for instance its pod's name */
    public Events(KubernetesClient client, String instance) {
        this.client = client;
        this.instance = instance;
    }

    /** Does not wait: an Event that cannot be written is logged, and nothing depends on it. */
    public void publish(HasMetadata policy, Transition transition) {
        Event event = event(policy, transition);
        Thread.ofVirtual().start(() -> create(event));
    }

    private void create(Event event) {
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                LOG.warnf("Event %s cannot be written: %s", event.getReason(), e.getMessage());
            }
        }
    }

    private Event event(HasMetadata policy, Transition transition) {
        ObjectMeta of = policy.getMetadata();
        int version = Objects.hash(of.getUid(), of.getResourceVersion(), transition.reason());
        String note = transition.note();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(of.getNamespace())
                .withName("%s.%08x".formatted(of.getName(), version))
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(Instant.now())))
                .withReportingController("spandrel.dev/operator")
                .withReportingInstance(instance)
                .withAction("Observe")
                .withType(transition.warning() ? "Warning" : "Normal")
                .withReason(transition.reason())
                .withNote(note.substring(0, Math.min(note.length(), MOST_CHARACTERS)))
                .withNewRegarding()
                .withApiVersion(policy.getApiVersion())
                .withKind(policy.getKind())
                .withNamespace(of.getNamespace())
                .withName(of.getName())
                .withUid(of.getUid())
                .endRegarding()
                .build();
    }
}
