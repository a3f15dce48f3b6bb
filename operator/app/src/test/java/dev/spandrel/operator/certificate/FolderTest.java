package dev.spandrel.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.identity.Refusals;
import dev.spandrel.operator.push.Configs;
import dev.spandrel.operator.push.Door;
import dev.spandrel.operator.push.FakeAgent;
import dev.spandrel.operator.push.NodeStreams;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.operator.push.PushServer;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.NodeTarget;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mounted Secret whose certificate somebody else renews, laid out and swapped as a kubelet does it, under an open stream. */
final class FolderTest {
    private final Nodes nodes = new Nodes(System::nanoTime, _ -> {});
    private final NodeStreams streams = new NodeStreams(nodes, new Refusals(InstantSource.system()));
    private final KeyedCertificate authority = Issuer.authority(Instant.now());
    private int versions;
    private KeyedCertificate first;

    @TempDir
    Path folder;

    @BeforeEach
    void mount() throws IOException {
        first = serving();
        swap(first.certificate(), first);
        for (String file : List.of("tls.crt", "tls.key")) {
            Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
        }
    }

    @AfterEach
    void close() {
        streams.close();
    }

    @Test
    void isRenewedUnderAnOpenStream() throws IOException, GeneralSecurityException {
        try (ServingCertificate serving = ServingCertificate.ofFolder(folder);
                PushServer server = PushServer.listen(door(serving), streams);
                FakeAgent before = agent(server, "before")) {
            target("before", "a=1");
            before.answer(before.nextWithWorkloads());
            KeyedCertificate second = serving();
            swap(second.certificate(), second);
            serving.look();
            assertThat(serving.certificate()).isEqualTo(second.certificate());
            try (FakeAgent after = agent(server, "after")) {
                target("after", "b=1");
                after.answer(after.nextWithWorkloads());
            }
            target("before", "a=2");
            before.answer(before.nextWithWorkloads());
            assertThat(before.isRunning())
                    .as("its stream was never interrupted")
                    .isTrue();
        }
    }

    @Test
    void whatCannotBeUsedIsNotTaken() throws IOException, GeneralSecurityException {
        try (ServingCertificate serving = ServingCertificate.ofFolder(folder)) {
            swap(serving().certificate(), serving());
            serving.look();
            assertThat(serving.certificate()).as("the key is another's").isEqualTo(first.certificate());

            Files.delete(folder.resolve("..data"));
            serving.look();
            assertThat(serving.certificate()).as("nothing is there").isEqualTo(first.certificate());

            KeyedCertificate right = serving();
            swap(right.certificate(), right);
            serving.look();
            assertThat(serving.certificate()).as("and then it is right").isEqualTo(right.certificate());
        }
    }

    private KeyedCertificate serving() {
        return Issuer.serving(authority, List.of("127.0.0.1"), Instant.now());
    }

    /** A new folder beside the old one, and the link to it replaced at once. */
    private void swap(X509Certificate certificate, KeyedCertificate keyed) throws IOException {
        Path version = Files.createDirectory(folder.resolve("..version-" + ++versions));
        Files.writeString(version.resolve("tls.crt"), Pem.of(List.of(certificate)));
        Files.writeString(version.resolve("tls.key"), Pem.of(keyed.key()));
        Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), version.getFileName());
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Door door(ServingCertificate serving) {
        var credentials = TlsServerCredentials.newBuilder()
                .keyManager(serving.keyManager())
                .build();
        return new Door(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                credentials,
                Optional.empty(),
                Optional.empty());
    }

    private FakeAgent agent(PushServer server, String node) throws IOException {
        byte[] bundle = Pem.of(List.of(authority.certificate())).getBytes(StandardCharsets.US_ASCII);
        var credentials = TlsChannelCredentials.newBuilder()
                .trustManager(new ByteArrayInputStream(bundle))
                .build();
        return new FakeAgent(server.port(), credentials, node, "");
    }

    private void target(String node, String workloads) {
        TreeMap<String, NodeTarget> configs = new TreeMap<>();
        configs.put(node, Configs.of(workloads));
        nodes.target(new Compilation(configs, new TreeMap<>()));
    }
}
