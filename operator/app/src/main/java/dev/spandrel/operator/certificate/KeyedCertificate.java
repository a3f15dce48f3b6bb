package dev.spandrel.operator.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** A certificate and its private key. */
record KeyedCertificate(PrivateKey key, X509Certificate certificate) {
    Instant begin() {
        return certificate.getNotBefore().toInstant();
    }

    /** Whether this share of its life, 0 to 1, is over. */
    boolean isOlderThan(double share, Instant now) {
        Duration life = Duration.between(begin(), certificate.getNotAfter().toInstant());
        return !now.isBefore(begin().plusMillis((long) (life.toMillis() * share)));
    }
}
