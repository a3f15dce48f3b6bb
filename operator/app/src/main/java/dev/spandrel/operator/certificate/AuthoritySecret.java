package dev.spandrel.operator.certificate;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@link Authorities} as the data of a Secret: base64 of PEM. */
final class AuthoritySecret {
    private AuthoritySecret() {}

    static Map<String, String> data(Authorities authorities) {
        Map<String, String> data = new TreeMap<>();
        put(data, "ca", authorities.current());
        authorities.next().ifPresent(next -> put(data, "next", next));
        authorities.previous().ifPresent(previous -> data.put("previous.crt", encoded(Pem.of(List.of(previous)))));
        return data;
    }

    private static void put(Map<String, String> data, String name, KeyedCertificate keyed) {
        data.put(name + ".key", encoded(Pem.of(keyed.key())));
        data.put(name + ".crt", encoded(Pem.of(List.of(keyed.certificate()))));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Empty where the Secret holds none yet. Throws {@link GeneralSecurityException} where it holds something else. */
    static Optional<Authorities> read(Map<String, String> data) throws GeneralSecurityException {
        Optional<KeyedCertificate> current = keyed(data, "ca");
        if (current.isEmpty()) {
            return Optional.empty();
        }
        String previous = data.get("previous.crt");
        return Optional.of(new Authorities(
                current.get(),
                keyed(data, "next"),
                previous == null ? Optional.empty() : Optional.of(Pem.certificate(decoded(previous)))));
    }

    private static Optional<KeyedCertificate> keyed(Map<String, String> data, String name)
            throws GeneralSecurityException {
        String key = data.get(name + ".key");
        String certificate = data.get(name + ".crt");
        return key == null || certificate == null
                ? Optional.empty()
                : Optional.of(Pem.keyed(decoded(key), decoded(certificate)));
    }

    private static String decoded(String base64) throws GeneralSecurityException {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
