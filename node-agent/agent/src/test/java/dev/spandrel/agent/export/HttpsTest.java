package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate for localhost that only OTEL_EXPORTER_OTLP_CERTIFICATE makes trustworthy. */
class HttpsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final List<String> received = new ArrayList<>();

    @TempDir
    private Path directory;

    private HttpsServer server;
    private Path certificate;

    @BeforeEach
    void start() throws IOException, GeneralSecurityException, InterruptedException {
        Path store = directory.resolve("store.p12");
        var keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD),
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost");
        assertThat(keytool.inheritIO().start().waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getCertificate("mykey").getEncoded());
        certificate = Files.writeString(
                directory.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/v1/traces", exchange -> {
            try (InputStream body = exchange.getRequestBody()) {
                received.add(new String(body.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Outcome send(String host, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put(
                "otel.exporter.otlp.endpoint",
                "https://" + host + ":" + server.getAddress().getPort());
        settings.put("otel.exporter.otlp.protocol", "http/protobuf");
        OtlpReceiver receiver = OtlpReceiver.of(DefaultConfigProperties.createFromMap(settings));
        try {
            return receiver.send(
                    ByteBuffer.wrap("spans".getBytes(StandardCharsets.ISO_8859_1)), 1, Duration.ofSeconds(10));
        } finally {
            receiver.close();
        }
    }

    private Map<String, String> trusted() {
        return Map.of("otel.exporter.otlp.certificate", certificate.toString());
    }

    @Test
    void aTrustedReceiverGetsTheSpans() {
        assertThat(send("localhost", trusted())).isInstanceOf(Outcome.Accepted.class);
        assertThat(received).containsExactly("spans");
    }

    @Test
    void aStrangerGetsNothing() {
        assertThat(send("localhost", Map.of()).toString()).contains("SSLHandshakeException");
        assertThat(received).isEmpty();
    }

    @Test
    void aCertificateOfAnotherNameGetsNothing() {
        assertThat(send("127.0.0.1", trusted()).toString())
                .contains("No subject alternative names matching IP address");
        assertThat(received).isEmpty();
    }
}
