package dev.spandrel.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An authority's life, by a clock that the test moves. */
final class AuthoritiesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void theNextOneIsTrustedBeforeItSignsAndTheLastOneAsLongAsItIsGood() {
        Authorities first = Authorities.first(START);
        assertThat(first.at(START.plus(Duration.ofDays(250)))).isSameAs(first);

        Instant made = START.plus(Duration.ofDays(260));
        Authorities announced = first.at(made);
        assertThat(announced.current()).isEqualTo(first.current());
        assertThat(announced.trusted()).hasSize(2).contains(first.current().certificate());
        assertThat(announced.at(made.plus(Duration.ofHours(23)))).isSameAs(announced);

        Authorities taken = announced.at(made.plus(Duration.ofHours(25)));
        assertThat(taken.current()).isEqualTo(announced.next().orElseThrow());
        assertThat(taken.trusted()).containsExactlyInAnyOrderElementsOf(announced.trusted());

        Authorities alone = taken.at(START.plus(Duration.ofDays(366)));
        assertThat(alone.trusted()).containsExactly(taken.current().certificate());
    }

    @Test
    void anOperatorThatWasAwayForYearsStartsAnew() {
        Authorities first = Authorities.first(START);
        Authorities later = first.at(START.plus(Duration.ofDays(800)));
        assertThat(later.trusted())
                .doesNotContain(first.current().certificate())
                .hasSize(1);
    }

    @Test
    void whatItSignsIsGoodForItsNamesAndForADay() {
        KeyedCertificate authority = Issuer.authority(START);
        KeyedCertificate serving = Issuer.serving(authority, List.of("operator.example", "127.0.0.1", "::1"), START);
        X509Certificate certificate = serving.certificate();
        assertThatCode(() -> certificate.verify(authority.certificate().getPublicKey()))
                .doesNotThrowAnyException();
        assertThatCode(() -> certificate.getSubjectAlternativeNames()).doesNotThrowAnyException();
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(START.plus(Duration.ofDays(1)));
        assertThat(certificate.getBasicConstraints()).as("signs nothing").isEqualTo(-1);
        assertThat(serving.isOlderThan(0.5, START.plus(Duration.ofHours(11)))).isFalse();
        assertThat(serving.isOlderThan(0.5, START.plus(Duration.ofHours(13)))).isTrue();
    }

    @Test
    void keptInASecretAndReadAgain() throws GeneralSecurityException {
        Authorities first = Authorities.first(START).at(START.plus(Duration.ofDays(260)));
        assertThat(AuthoritySecret.read(AuthoritySecret.data(first))).contains(first);
        Authorities taken = first.at(START.plus(Duration.ofDays(262)));
        assertThat(AuthoritySecret.read(AuthoritySecret.data(taken))).contains(taken);
        assertThat(AuthoritySecret.read(Map.of())).isEmpty();
    }
}
