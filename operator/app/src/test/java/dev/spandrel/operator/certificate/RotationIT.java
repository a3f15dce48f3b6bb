package dev.spandrel.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.ApiServerRung;
import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.push.FakeAgent;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real API server, with TLS that checks real dates: the operator's clock starts in the past, so that a day can go by. */
final class RotationIT {
    private static final Instant NOW = Instant.now();

    private final String namespace = "rotation-" + UUID.randomUUID().toString().substring(0, 8);
    private KubernetesClient client;
    private Instant clock = NOW;

    @BeforeEach
    void connect() {
        ApiServerRung.require();
        client = Clients.connect();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void disconnect() {
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @Test
    void theAuthorityChangesUnderAnOpenStream() throws IOException {
        Instant old = NOW.minus(Duration.ofDays(300));
        Authorities announced = new Authorities(
                Issuer.authority(old),
                Optional.of(Issuer.authority(NOW.minus(Duration.ofHours(24)))),
                Optional.empty());
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(AuthorityStore.SECRET)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withData(AuthoritySecret.data(announced))
                        .build())
                .create();
        clock = NOW.minus(Duration.ofHours(1));
        try (ServingCertificate serving =
                        ServingCertificate.ofOwnAuthority(client, namespace, List.of("127.0.0.1"), () -> clock);
                ServedStreams streams = new ServedStreams(serving);
                FakeAgent before = streams.agent(bundle(), "before")) {
            assertThat(issuer(serving))
                    .isEqualTo(announced.current().certificate().getSubjectX500Principal());
            streams.push(before, "before", "a=1");
            String bundleBefore = bundle();

            clock = NOW;
            serving.look();

            assertThat(issuer(serving))
                    .isEqualTo(announced.next().orElseThrow().certificate().getSubjectX500Principal());
            try (FakeAgent knowsOnlyWhatWasPublishedBefore = streams.agent(bundleBefore, "old-bundle")) {
                streams.push(knowsOnlyWhatWasPublishedBefore, "old-bundle", "b=1");
            }
            streams.serveOldAndNew(before, bundle());
        }
    }

    @Test
    void aServingCertificateIsRenewedAtHalfItsLife() {
        try (ServingCertificate serving =
                ServingCertificate.ofOwnAuthority(client, namespace, List.of("127.0.0.1"), () -> clock)) {
            var first = serving.certificate();
            clock = NOW.plus(Duration.ofHours(11));
            serving.look();
            assertThat(serving.certificate()).isEqualTo(first);
            clock = NOW.plus(Duration.ofHours(12));
            serving.look();
            assertThat(serving.certificate()).isNotEqualTo(first);
        }
    }

    @Test
    void replicasThatStartAtOnceShareOneAuthority() {
        List<Authorities> kept = IntStream.range(0, 8)
                .parallel()
                .mapToObj(_ -> new AuthorityStore(client, namespace).keep(NOW))
                .toList();
        assertThat(kept).allMatch(kept.getFirst()::equals);
        assertThat(bundle()).isEqualTo(Pem.of(kept.getFirst().trusted()));
    }

    private static Object issuer(ServingCertificate serving) {
        return serving.certificate().getIssuerX500Principal();
    }

    private String bundle() {
        return client.configMaps()
                .inNamespace(namespace)
                .withName(AuthorityStore.BUNDLE)
                .get()
                .getData()
                .get(AuthorityStore.BUNDLE_KEY);
    }
}
