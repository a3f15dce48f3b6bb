package dev.spandrel.operator.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The authority that signs, the one that will, and the one that did. The next one is trusted everywhere before it signs anything, and the last one is trusted until what it signed is over: so
 * nobody meets a certificate whose authority they do not know.
 */
record Authorities(KeyedCertificate current, Optional<KeyedCertificate> next, Optional<X509Certificate> previous) {
    /** Share of an authority's life after which its successor is made. */
    private static final double SUCCESSOR = 0.7;

    /** How long a successor is known before it signs: a kubelet brings a changed ConfigMap to its pods within minutes. */
    private static final Duration KNOWN = Duration.ofHours(24);

    static Authorities first(Instant now) {
        return new Authorities(Issuer.authority(now), Optional.empty(), Optional.empty());
    }

    /** As they are to be at this time; the same where nothing changes. */
    Authorities at(Instant now) {
        if (current.isOlderThan(1, now)) {
            return next.filter(one -> !one.isOlderThan(1, now))
                    .map(one -> new Authorities(one, Optional.empty(), Optional.empty()))
                    .orElseGet(() -> first(now));
        }
        if (next.isEmpty() && current.isOlderThan(SUCCESSOR, now)) {
            return new Authorities(current, Optional.of(Issuer.authority(now)), previous);
        }
        if (next.filter(one -> now.isAfter(one.begin().plus(KNOWN))).isPresent()) {
            return new Authorities(next.orElseThrow(), Optional.empty(), Optional.of(current.certificate()));
        }
        if (previous.filter(one -> now.isAfter(one.getNotAfter().toInstant())).isPresent()) {
            return new Authorities(current, next, Optional.empty());
        }
        return this;
    }

    /** What a client is to trust. */
    List<X509Certificate> trusted() {
        List<X509Certificate> trusted = new ArrayList<>(List.of(current.certificate()));
        next.map(KeyedCertificate::certificate).ifPresent(trusted::add);
        previous.ifPresent(trusted::add);
        return trusted;
    }
}
