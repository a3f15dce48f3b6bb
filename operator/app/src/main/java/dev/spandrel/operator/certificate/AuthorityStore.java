package dev.spandrel.operator.certificate;

import dev.spandrel.operator.cluster.Clients;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Authorities in a Secret of the operator's namespace, and what to trust in a ConfigMap beside it, which agents mount. Replicas share both: who writes second finds that the first one
 * has written, and reads again.
 */
final class AuthorityStore {
    /** Name of the Secret. */
    static final String SECRET = "spandrel-authority";

    /** Name of the ConfigMap; what is in it is public. */
    static final String BUNDLE = "spandrel-ca";

    static final String BUNDLE_KEY = "ca.crt";

    private static final Logger LOG = Logger.getLogger(AuthorityStore.class);
    private static final int ATTEMPTS = 5;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;

    AuthorityStore(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Brings both up to date. Throws {@link KubernetesClientException} where they cannot be read or written. */
    Authorities keep(Instant now) {
        for (int attempt = 1; ; attempt++) {
            try {
                Authorities authorities = secret(now);
                publish(Pem.of(authorities.trusted()));
                return authorities;
            } catch (KubernetesClientException e) {
                if (e.getCode() != CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Authorities secret(Instant now) {
        Secret held = client.secrets().inNamespace(namespace).withName(SECRET).get();
        Optional<Authorities> kept = read(held);
        Authorities wanted = kept.map(one -> one.at(now)).orElseGet(() -> Authorities.first(now));
        if (kept.filter(wanted::equals).isEmpty()) {
            write(
                    held == null,
                    (held == null
                                    ? new SecretBuilder()
                                            .withNewMetadata()
                                            .withName(SECRET)
                                            .withNamespace(namespace)
                                            .endMetadata()
                                    : new SecretBuilder(held))
                            .withData(AuthoritySecret.data(wanted))
                            .build());
            LOG.infof(
                    "%s/%s: authority %s signs",
                    namespace, SECRET, wanted.current().certificate().getSubjectX500Principal());
        }
        return wanted;
    }

    private Optional<Authorities> read(Secret held) {
        try {
            return held == null
                    ? Optional.empty()
                    : AuthoritySecret.read(Objects.requireNonNullElse(held.getData(), Map.of()));
        } catch (GeneralSecurityException e) {
            LOG.errorf(
                    "%s/%s cannot be read (%s): a new authority replaces what is in it",
                    namespace, SECRET, e.getMessage());
            return Optional.empty();
        }
    }

    private void publish(String bundle) {
        ConfigMap held =
                client.configMaps().inNamespace(namespace).withName(BUNDLE).get();
        if (held == null
                || held.getData() == null
                || !bundle.equals(held.getData().get(BUNDLE_KEY))) {
            write(
                    held == null,
                    (held == null
                                    ? new ConfigMapBuilder()
                                            .withNewMetadata()
                                            .withName(BUNDLE)
                                            .withNamespace(namespace)
                                            .endMetadata()
                                    : new ConfigMapBuilder(held))
                            .addToData(BUNDLE_KEY, bundle)
                            .build());
        }
    }

    /** With the resource version that was read, so that nothing of another replica is overwritten. */
    private <T extends HasMetadata> void write(boolean isNew, T resource) {
        if (isNew) {
            client.resource(resource).create();
        } else {
            client.resource(Clients.withoutManagedFields(resource)).update();
        }
    }
}
