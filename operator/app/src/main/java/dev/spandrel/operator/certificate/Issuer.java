package dev.spandrel.operator.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys (ECDSA, P-256) and signs certificates. */
final class Issuer {
    static final Duration AUTHORITY_LIFE = Duration.ofDays(365);
    static final Duration SERVING_LIFE = Duration.ofHours(24);

    /** Clocks of nodes differ. */
    private static final Duration EARLIER = Duration.ofMinutes(10);

    private static final SecureRandom RANDOM = new SecureRandom();

    private Issuer() {}

    static KeyedCertificate authority(Instant now) {
        KeyPair keys = keys();
        X500Name name = new X500Name("CN=spandrel-authority-" + now.getEpochSecond());
        return sign(
                name,
                name,
                keys,
                keys.getPrivate(),
                now,
                AUTHORITY_LIFE,
                (builder, extensions) -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                        .addExtension(
                                Extension.subjectKeyIdentifier,
                                false,
                                extensions.createSubjectKeyIdentifier(keys.getPublic())));
    }

    /** @param names DNS names and IP addresses that clients know the server by */
    static KeyedCertificate serving(KeyedCertificate authority, List<String> names, Instant now) {
        X500Name issuer = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        GeneralName[] alternatives = names.stream().map(Issuer::alternative).toArray(GeneralName[]::new);
        return sign(
                issuer,
                new X500Name("CN=spandrel-operator"),
                keys(),
                authority.key(),
                now,
                SERVING_LIFE,
                (builder, extensions) -> builder.addExtension(
                                Extension.basicConstraints, true, new BasicConstraints(false))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                        .addExtension(
                                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                        .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))
                        .addExtension(
                                Extension.authorityKeyIdentifier,
                                false,
                                extensions.createAuthorityKeyIdentifier(
                                        authority.certificate().getPublicKey())));
    }

    private static GeneralName alternative(String name) {
        boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private interface Extensions {
        void add(X509v3CertificateBuilder builder, JcaX509ExtensionUtils extensions) throws IOException;
    }

    private static KeyedCertificate sign(
            X500Name issuer,
            X500Name subject,
            KeyPair keys,
            PrivateKey signer,
            Instant now,
            Duration life,
            Extensions extensions) {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM).setBit(126),
                Date.from(now.minus(EARLIER)),
                Date.from(now.plus(life)),
                subject,
                keys.getPublic());
        try {
            extensions.add(builder, new JcaX509ExtensionUtils());
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
            return new KeyedCertificate(keys.getPrivate(), certificate);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate cannot be signed", e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot make keys", e);
        }
    }
}
