package dev.spandrel.operator.certificate;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the server proves itself with. New connections get the newest certificate; those that are open are not touched. One thread, "certificates". */
public final class ServingCertificate implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServingCertificate.class);
    private static final int PERIOD_SECONDS = 30;
    private static final double RENEWED = 0.5;

    private final AdvancedTlsX509KeyManager manager = new AdvancedTlsX509KeyManager();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("certificates").daemon().factory());

    private Runnable look = () -> {};
    private Supplier<String> trusted = () -> "";

    private ServingCertificate() {}

    /**
     * Files that somebody else renews, as cert-manager does in a Secret that is mounted; looked at every 30 s.
     *
     * @param folder with tls.crt and tls.key, PEM
     */
    public static ServingCertificate ofFolder(Path folder) throws IOException, GeneralSecurityException {
        ServingCertificate serving = new ServingCertificate();
        CertificateFolder files = new CertificateFolder(folder, serving.manager);
        files.load();
        serving.trusted = () -> read(folder.resolve("ca.crt"));
        serving.lookWith(files::tryLoad);
        return serving;
    }

    /**
     * Signed by an authority of the operator's own, and renewed in time.
     *
     * @param namespace of the Secret and the ConfigMap
     * @param names that agents know the operator by
     */
    public static ServingCertificate ofOwnAuthority(
            KubernetesClient client, String namespace, List<String> names, InstantSource clock) {
        ServingCertificate serving = new ServingCertificate();
        Renewal renewal = new Renewal(new AuthorityStore(client, namespace), names, clock, serving.manager);
        renewal.renew();
        serving.trusted = renewal::trusted;
        serving.lookWith(renewal::tryRenew);
        return serving;
    }

    private void lookWith(Runnable look) {
        this.look = look;
        thread.scheduleWithFixedDelay(look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    public X509ExtendedKeyManager keyManager() {
        return manager;
    }

    /** What those are to trust who come to another replica: PEM, empty where nobody says. */
    public String trusted() {
        return trusted.get();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            LOG.warnf("other replicas cannot be told from strangers: %s", e);
            return "";
        }
    }

    X509Certificate certificate() {
        return manager.getCertificateChain(manager.chooseServerAlias("EC", null, null))[0];
    }

    /** What is otherwise done now and then. */
    void look() {
        look.run();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static final class Renewal {
        private final AuthorityStore store;
        private final List<String> names;
        private final InstantSource clock;
        private final AdvancedTlsX509KeyManager manager;
        private @Nullable Authorities authorities;
        private @Nullable KeyedCertificate authority;
        private @Nullable KeyedCertificate serving;

        Renewal(AuthorityStore store, List<String> names, InstantSource clock, AdvancedTlsX509KeyManager manager) {
            this.store = store;
            this.names = List.copyOf(names);
            this.clock = clock;
            this.manager = manager;
        }

        synchronized void renew() {
            Authorities kept = store.keep(clock.instant());
            KeyedCertificate current = kept.current();
            authorities = kept;
            if (serving != null && current.equals(authority) && !serving.isOlderThan(RENEWED, clock.instant())) {
                return;
            }
            KeyedCertificate issued = Issuer.serving(current, names, clock.instant());
            manager.updateIdentityCredentials(new X509Certificate[] {issued.certificate()}, issued.key());
            authority = current;
            serving = issued;
        }

        synchronized String trusted() {
            return authorities == null ? "" : Pem.of(authorities.trusted());
        }

        /** What is there stays good for half its life: time enough for an API server to come back. */
        void tryRenew() {
            try {
                renew();
            } catch (KubernetesClientException e) {
                LOG.warnf("the certificate could not be looked after: %s; trying again", e.getMessage());
            }
        }
    }
}
