package dev.spandrel.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for this machine's loopback address, signed by itself. */
final class Certificate {
    private Certificate() {}

    /** Writes cert.pem and key.pem. */
    static void make(Path folder) {
        try {
            Process openssl = new ProcessBuilder(
                            "openssl",
                            "req",
                            "-x509",
                            "-newkey",
                            "rsa:2048",
                            "-nodes",
                            "-days",
                            "2",
                            "-subj",
                            "/CN=localhost",
                            "-addext",
                            "subjectAltName=IP:127.0.0.1",
                            "-keyout",
                            "key.pem",
                            "-out",
                            "cert.pem")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(openssl.getInputStream().readAllBytes());
            if (openssl.waitFor() != 0) throw new AssertionError(said);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("openssl", e);
        }
    }

    /** For a client that trusts cert.pem alone. */
    static SSLContext trusted(Path folder) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var file = Files.newInputStream(folder.resolve("cert.pem"))) {
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
