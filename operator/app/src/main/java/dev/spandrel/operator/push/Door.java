package dev.spandrel.operator.push;

import dev.spandrel.operator.identity.Arrivals;
import dev.spandrel.operator.identity.Authentication;
import dev.spandrel.operator.identity.Refusals;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * How one comes in.
 *
 * @param authentication empty: whoever reaches the address may
 * @param gate how many may; empty: as many as there are file descriptors
 */
public record Door(
        InetSocketAddress address,
        ServerCredentials credentials,
        Optional<Authentication> authentication,
        Optional<Gate> gate) {
    /** How many there are; 0 where nobody counts. */
    public int connections() {
        return gate.map(Gate::connections).orElse(0);
    }

    /** For a loopback address: who can reach it is on this machine. */
    public static Door open(InetSocketAddress address) {
        return new Door(address, InsecureServerCredentials.create(), Optional.empty(), Optional.empty());
    }

    /**
     * TLS 1.2 and 1.3, and a proof of who comes in.
     *
     * @param authentication given whom to tell of those who are refused
     */
    public static Door guarded(
            InetSocketAddress address,
            X509ExtendedKeyManager certificate,
            Function<Arrivals, Authentication> authentication,
            Refusals refusals) {
        Gate gate = new Gate(Gate.Limits.USUAL, System::nanoTime, refusals);
        return new Door(
                address,
                TlsServerCredentials.newBuilder().keyManager(certificate).build(),
                Optional.of(authentication.apply(gate)),
                Optional.of(gate));
    }
}
