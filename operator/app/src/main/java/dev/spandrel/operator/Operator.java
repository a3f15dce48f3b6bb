package dev.spandrel.operator;

import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.replica.Terms;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;
import picocli.CommandLine;

/** The life of the operator. */
public final class Operator implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Operator.class);
    private static final int NO_CLUSTER = 3;

    private final Readiness readiness;

    @Inject
    Operator(@org.eclipse.microprofile.health.Readiness Readiness readiness) {
        this.readiness = readiness;
    }

    private static Optional<Parts.Candidacy> candidacy(Options options) {
        return options.isElected()
                ? Optional.of(
                        new Parts.Candidacy(options.namespace, Parts.Candidacy.LEASE, options.address(), Terms.USUAL))
                : Optional.empty();
    }

    @Override
    public int run(String... arguments) throws IOException {
        Options options = new Options();
        new CommandLine(options).setExpandAtFiles(false).parseArgs(arguments);
        try (CollectionAtRest _ = CollectionAtRest.start().orElse(null);
                KubernetesClient client = Clients.connect();
                Parts parts = new Parts(
                        client,
                        Doors.of(options, client),
                        new Scope.Cluster(options.rootNamespace, options.trustedNamespaces),
                        options.withoutCrd == Options.Definitionless.keep,
                        candidacy(options))) {
            parts.start();
            readiness.started();
            LOG.infof(
                    "cluster %s; agents connect to port %d, %s",
                    client.getMasterUrl(),
                    parts.port(),
                    options.isGuarded()
                            ? "by TLS, with a token of " + options.namespace + "/" + options.agentAccount
                            : "without TLS and proof, for it is a loopback address");
            Quarkus.waitForExit();
            return 0;
        } catch (KubernetesClientException e) {
            String reason =
                    e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
            LOG.errorf("the cluster cannot be used: %s; is KUBECONFIG set to a reachable one?", reason);
            return NO_CLUSTER;
        }
    }
}
