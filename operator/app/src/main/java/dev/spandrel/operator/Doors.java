package dev.spandrel.operator;

import dev.spandrel.operator.certificate.ServingCertificate;
import dev.spandrel.operator.identity.Accounts;
import dev.spandrel.operator.identity.Authentication;
import dev.spandrel.operator.identity.Refusals;
import dev.spandrel.operator.push.Door;
import dev.spandrel.operator.replica.Introduction;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the operator listens on, and how it comes to other replicas.
 *
 * @param inspection where people ask, when agents come through a guarded door
 * @param certificate of the guarded door
 * @param introduction to other replicas
 */
record Doors(
        Door agents,
        Optional<Door> inspection,
        Optional<ServingCertificate> certificate,
        Refusals refusals,
        Introduction introduction)
        implements AutoCloseable {
    private static final String SERVICE = "spandrel-operator";

    /** One door for both: for tests and for development, on one machine. */
    static Doors open(InetSocketAddress address) {
        return new Doors(
                Door.open(address),
                Optional.empty(),
                Optional.empty(),
                new Refusals(InstantSource.system()),
                new Introduction.Open());
    }

    /** Throws {@link IOException} where the certificate's files cannot be used. */
    static Doors of(Options options, KubernetesClient client) throws IOException {
        return options.isGuarded() ? guarded(options, client, InstantSource.system()) : open(options.listen());
    }

    /** @param clock by which tokens and certificates end */
    static Doors guarded(Options options, KubernetesClient client, InstantSource clock) throws IOException {
        Refusals refusals = new Refusals(clock);
        ServingCertificate certificate = certificate(options, client, clock);
        Accounts accounts = new Accounts(options.namespace, options.agentAccount, options.operatorAccount);
        return new Doors(
                Door.guarded(
                        options.listen(),
                        certificate.keyManager(),
                        arrivals -> Authentication.byTokenReview(client, accounts, refusals, clock, arrivals),
                        refusals),
                Optional.of(Door.open(options.inspect())),
                Optional.of(certificate),
                refusals,
                new Introduction.Proven(certificate::trusted, options.replicaToken, SERVICE));
    }

    private static ServingCertificate certificate(Options options, KubernetesClient client, InstantSource clock)
            throws IOException {
        Path folder = options.certificate;
        try {
            return folder == null
                    ? ServingCertificate.ofOwnAuthority(
                            client, options.namespace, names(options.namespace, options.listen()), clock)
                    : ServingCertificate.ofFolder(folder);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "--certificate: " + folder + " holds no usable tls.crt and tls.key: " + e.getMessage(), e);
        }
    }

    private static List<String> names(String namespace, InetSocketAddress listen) {
        List<String> names = new ArrayList<>(List.of(
                SERVICE,
                SERVICE + "." + namespace,
                SERVICE + "." + namespace + ".svc",
                SERVICE + "." + namespace + ".svc.cluster.local",
                "localhost",
                "127.0.0.1",
                "::1"));
        if (!listen.getAddress().isAnyLocalAddress() && !listen.getAddress().isLoopbackAddress()) {
            names.add(listen.getAddress().getHostAddress());
        }
        return names;
    }

    @Override
    public void close() {
        certificate.ifPresent(ServingCertificate::close);
    }
}
