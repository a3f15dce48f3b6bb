package dev.spandrel.e2e;

import java.io.IOException;
import java.nio.file.Path;

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
}
