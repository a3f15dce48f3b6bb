package dev.spandrel.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.push.FakeAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mounted Secret whose certificate somebody else renews, laid out and swapped as a kubelet does it, under an open stream. */
final class FolderTest {
    private final KeyedCertificate authority = Issuer.authority(Instant.now());
    private MountedSecret mounted;
    private KeyedCertificate first;

    @TempDir
    Path folder;

    @BeforeEach
    void mount() throws IOException {
        mounted = new MountedSecret(folder);
        first = serving();
        swap(first.certificate(), first);
    }

    @Test
    void isRenewedUnderAnOpenStream() throws IOException, GeneralSecurityException {
        try (ServingCertificate serving = ServingCertificate.ofFolder(folder);
                ServedStreams streams = new ServedStreams(serving);
                FakeAgent before = streams.agent(bundle(), "before")) {
            streams.push(before, "before", "a=1");
            KeyedCertificate second = serving();
            swap(second.certificate(), second);
            serving.look();
            assertThat(serving.certificate()).isEqualTo(second.certificate());
            streams.serveOldAndNew(before, bundle());
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

    private void swap(X509Certificate certificate, KeyedCertificate keyed) throws IOException {
        mounted.swap(Map.of("tls.crt", Pem.of(List.of(certificate)), "tls.key", Pem.of(keyed.key())));
    }

    private String bundle() {
        return Pem.of(List.of(authority.certificate()));
    }
}
