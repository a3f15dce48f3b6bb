package dev.spandrel.operator.push;

import dev.spandrel.operator.identity.Authentication;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * How one comes in.
 *
 * @param authentication empty: whoever reaches the address may
 */
public record Door(InetSocketAddress address, ServerCredentials credentials, Optional<Authentication> authentication) {
    /** For a loopback address: who can reach it is on this machine. */
    public static Door open(InetSocketAddress address) {
        return new Door(address, InsecureServerCredentials.create(), Optional.empty());
    }

    /** TLS 1.2 and 1.3, and a proof of who comes in. */
    public static Door guarded(
            InetSocketAddress address, X509ExtendedKeyManager certificate, Authentication authentication) {
        return new Door(
                address,
                TlsServerCredentials.newBuilder().keyManager(certificate).build(),
                Optional.of(authentication));
    }
}
