package dev.spandrel.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PemTest {
    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aKeyIsReadInTheCommonForm(String kind) throws GeneralSecurityException {
        PrivateKey key = KeyPairGenerator.getInstance(kind).generateKeyPair().getPrivate();
        assertThat(Pem.key(Pem.of(key))).isEqualTo(key);
    }

    @Test
    void aKeyIsReadInTheFormOfItsKind() throws GeneralSecurityException, IOException {
        PrivateKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        assertThat(Pem.key(text(
                        "RSA PRIVATE KEY",
                        PrivateKeyInfo.getInstance(rsa.getEncoded()).parsePrivateKey())))
                .isEqualTo(rsa);
        KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
        curve.initialize(new ECGenParameterSpec("secp256r1"));
        ECPrivateKey ec = (ECPrivateKey) curve.generateKeyPair().getPrivate();
        // With its curve, as OpenSSL and Go write it.
        PrivateKey read = Pem.key(text(
                "EC PRIVATE KEY",
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, ec.getS(), SECObjectIdentifiers.secp256r1)));
        assertThat(read)
                .isInstanceOfSatisfying(
                        ECPrivateKey.class, key -> assertThat(key.getS()).isEqualTo(ec.getS()));
    }

    private static String text(String type, ASN1Encodable content) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content.toASN1Primitive().getEncoded()));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing of the kind",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN EC PRIVATE KEY-----\n!!!!\n-----END EC PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN CERTIFICATE-----\n"
            })
    void whatIsNoKeyIsSaidToBeNone(String text) {
        assertThatThrownBy(() -> Pem.key(text)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aKeyAfterItsParametersIsFound() throws GeneralSecurityException, IOException {
        KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        assertThat(Pem.key(parameters + Pem.of(pair.getPrivate()))).isEqualTo(pair.getPrivate());
    }
}
