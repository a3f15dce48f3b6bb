package dev.spandrel.operator.certificate;

import java.time.Instant;
import java.util.List;

/** One that signed nothing here. */
public final class OtherAuthority {
    private OtherAuthority() {}

    public static String bundle() {
        return Pem.of(List.of(Issuer.authority(Instant.now()).certificate()));
    }
}
