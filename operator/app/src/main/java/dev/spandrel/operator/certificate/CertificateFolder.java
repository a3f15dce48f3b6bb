package dev.spandrel.operator.certificate;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.jboss.logging.Logger;

/**
 * tls.crt and tls.key, PEM, that somebody else renews, as cert-manager does in a Secret that is mounted. A kubelet swaps a whole folder by the link {@code ..data}: both
 * files are read from where the certificate's link leads, so that they belong together.
 */
final class CertificateFolder {
    private static final Logger LOG = Logger.getLogger(CertificateFolder.class);
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";

    private final Path folder;
    private final AdvancedTlsX509KeyManager manager;
    private byte[] read = new byte[0];

    CertificateFolder(Path folder, AdvancedTlsX509KeyManager manager) {
        this.folder = folder;
        this.manager = manager;
    }

    /** Takes what is there, if it is new. */
    synchronized void load() throws IOException, GeneralSecurityException {
        Path certificate = folder.resolve(CERTIFICATE).toRealPath();
        Path key = certificate.resolveSibling(KEY);
        byte[] chainBytes = Files.readAllBytes(certificate);
        byte[] keyBytes = Files.readAllBytes(Files.exists(key) ? key : folder.resolve(KEY));
        byte[] both = Arrays.copyOf(chainBytes, chainBytes.length + keyBytes.length);
        System.arraycopy(keyBytes, 0, both, chainBytes.length, keyBytes.length);
        if (Arrays.equals(both, read)) return;
        X509Certificate[] chain = CertificateUtils.getX509Certificates(new ByteArrayInputStream(chainBytes));
        PrivateKey secret = Pem.key(new String(keyBytes, StandardCharsets.US_ASCII));
        checkPair(chain[0], secret);
        manager.updateIdentityCredentials(chain, secret);
        read = both;
        LOG.infof(
                "the certificate of %s holds until %s",
                chain[0].getSubjectX500Principal(), chain[0].getNotAfter().toInstant());
    }

    /** What was there before stays where the new files cannot be used. */
    void tryLoad() {
        try {
            load();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.errorf("%s holds no usable %s and %s (%s): the ones before stay", folder, CERTIFICATE, KEY, e);
        }
    }

    private static void checkPair(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        if (!signature.verify(signed)) throw new GeneralSecurityException("the key is not the certificate's");
    }
}
