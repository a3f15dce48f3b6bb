package dev.spandrel.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.ApiServerRung;
import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.identity.Refusals;
import dev.spandrel.operator.push.Configs;
import dev.spandrel.operator.push.Door;
import dev.spandrel.operator.push.FakeAgent;
import dev.spandrel.operator.push.NodeStreams;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.operator.push.PushServer;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.NodeTarget;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real API server, with TLS that checks real dates: the operator's clock starts in the past, so that a day can go by. */
final class RotationIT {
    private static final Instant NOW = Instant.now();

    private final String namespace = "rotation-" + UUID.randomUUID().toString().substring(0, 8);
    private final Nodes nodes = new Nodes(System::nanoTime, _ -> {});
    private final NodeStreams streams = new NodeStreams(nodes, new Refusals(InstantSource.system()));
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
        streams.close();
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
                PushServer server = PushServer.listen(door(serving), streams);
                FakeAgent before = agent(server, bundle(), "before")) {
            assertThat(issuer(serving))
                    .isEqualTo(announced.current().certificate().getSubjectX500Principal());
            target("before", "a=1");
            before.answer(before.nextWithWorkloads());
            String bundleBefore = bundle();

            clock = NOW;
            serving.look();

            assertThat(issuer(serving))
                    .isEqualTo(announced.next().orElseThrow().certificate().getSubjectX500Principal());
            try (FakeAgent knowsOnlyWhatWasPublishedBefore = agent(server, bundleBefore, "old-bundle");
                    FakeAgent after = agent(server, bundle(), "after")) {
                target("old-bundle", "b=1");
                knowsOnlyWhatWasPublishedBefore.answer(knowsOnlyWhatWasPublishedBefore.nextWithWorkloads());
                target("after", "c=1");
                after.answer(after.nextWithWorkloads());
                target("before", "a=2");
                before.answer(before.nextWithWorkloads());
                assertThat(before.isRunning())
                        .as("its stream was never interrupted")
                        .isTrue();
            }
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

    private static Door door(ServingCertificate serving) {
        ServerCredentials credentials = TlsServerCredentials.newBuilder()
                .keyManager(serving.keyManager())
                .build();
        return new Door(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                credentials,
                Optional.empty(),
                Optional.empty());
    }

    private static FakeAgent agent(PushServer server, String bundle, String node) throws IOException {
        var credentials = TlsChannelCredentials.newBuilder()
                .trustManager(new ByteArrayInputStream(bundle.getBytes(StandardCharsets.US_ASCII)))
                .build();
        return new FakeAgent(server.port(), credentials, node, "");
    }

    private String bundle() {
        return client.configMaps()
                .inNamespace(namespace)
                .withName(AuthorityStore.BUNDLE)
                .get()
                .getData()
                .get(AuthorityStore.BUNDLE_KEY);
    }

    private void target(String node, String workloads) {
        TreeMap<String, NodeTarget> configs = new TreeMap<>();
        configs.put(node, Configs.of(workloads));
        nodes.target(new Compilation(configs, new TreeMap<>()));
    }
}
