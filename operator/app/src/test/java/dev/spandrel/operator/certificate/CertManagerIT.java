package dev.spandrel.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.ApiServerRung;
import dev.spandrel.operator.push.FakeAgent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificates of {@code config/components/cert-manager}, made and renewed by cert-manager on a real API server, in the operator's folder under an open stream. */
final class CertManagerIT {
    private static final Path CERTIFICATES = Path.of("../../config/components/cert-manager/certificates.yaml");
    private static final String SECRET = "spandrel-operator-certificate";

    private final String namespace =
            "certificates-" + UUID.randomUUID().toString().substring(0, 8);

    private static CertManager certManager;

    @TempDir
    private static Path logs;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException {
        ApiServerRung.require();
        certManager = new CertManager(logs.resolve("cert-manager.log"));
    }

    @AfterAll
    static void stop() {
        certManager.close();
    }

    @BeforeEach
    void create() {
        ApiServerRung.run("create", "namespace", namespace);
    }

    @AfterEach
    void delete() {
        ApiServerRung.run("delete", "namespace", namespace, "--wait=false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS1", "PKCS8"})
    void aCertificateIsRenewedUnderAnOpenStream(String encoding) throws IOException, GeneralSecurityException {
        MountedSecret mounted = new MountedSecret(folder);
        apply(yaml -> yaml.replace("rotationPolicy: Always", "rotationPolicy: Always, encoding: " + encoding)
                .replace("[spandrel-operator]", "[spandrel-operator]\n  ipAddresses: [127.0.0.1]"));
        awaitReady();
        Map<String, String> first = secret();
        mounted.swap(first);
        try (ServingCertificate serving = ServingCertificate.ofFolder(folder);
                ServedStreams streams = new ServedStreams(serving);
                FakeAgent before = streams.agent(first.get("ca.crt"), "before")) {
            streams.push(before, "before", "a=1");

            renew();
            Map<String, String> second = secret();
            assertThat(second.get("tls.key")).isNotEqualTo(first.get("tls.key"));
            mounted.swap(second);
            serving.look();

            assertThat(serving.certificate()).isEqualTo(Pem.certificate(second.get("tls.crt")));
            assertThat(serving.trusted()).isEqualTo(second.get("ca.crt"));
            streams.serveOldAndNew(before, first.get("ca.crt"));
        }
    }

    private void apply(UnaryOperator<String> change) throws IOException {
        String objects = change.apply(Files.readString(CERTIFICATES));
        ApiServerRung.apply(Stream.of(objects.split("\n---\n"))
                .map(object -> object.replace("metadata:\n", "metadata:\n  namespace: " + namespace + "\n"))
                .collect(Collectors.joining("\n---\n")));
    }

    private void awaitReady() {
        in("wait", "--for=condition=Ready", "--timeout=60s", "certificate/spandrel-operator");
    }

    /** As {@code cmctl renew} does: a condition that asks for a new one. */
    private void renew() {
        String condition = """
                {"status": {"conditions": [{"type": "Issuing", "status": "True", "reason": "ManuallyTriggered", "message": "now",
                  "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
                """;
        in("patch", "certificate/spandrel-operator", "--subresource=status", "--type=merge", "-p", condition);
        in("wait", "--for=jsonpath={.status.revision}=2", "--timeout=60s", "certificate/spandrel-operator");
    }

    private Map<String, String> secret() {
        return Stream.of("tls.crt", "tls.key", "ca.crt").collect(Collectors.toMap(file -> file, file -> {
            String path = "jsonpath={.data." + file.replace(".", "\\.") + "}";
            return new String(
                    Base64.getDecoder().decode(in("get", "secret", SECRET, "-o", path)), StandardCharsets.US_ASCII);
        }));
    }

    private String in(String... arguments) {
        return ApiServerRung.run(
                Stream.concat(Stream.of("-n", namespace), Stream.of(arguments)).toArray(String[]::new));
    }
}
