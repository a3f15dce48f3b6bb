package dev.spandrel.operator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line. Its form is the same for {@code ./dev operator}. */
@Command(
        name = "spandrel-operator",
        version = "0.1.0",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description =
                "Compiles the TracePolicies of a cluster and pushes to each node what it is to do. The cluster is that of KUBECONFIG, "
                        + "or the one whose pod it runs in.")
final class Options {
    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            required = true,
            description =
                    "Where agents connect (gRPC). On a loopback address without TLS and for everybody on this machine, unless "
                            + "--secure is given; on any other with TLS, and only for agents that prove on which node they are.")
    String listen = "";

    @Option(names = "--secure", description = "TLS and proof on a loopback address too.")
    boolean secure;

    @Option(
            names = "--certificate",
            paramLabel = "DIR",
            description =
                    "With tls.crt and tls.key, renewed by somebody else, as cert-manager does. Without it the operator has an authority of its "
                            + "own, in the Secret spandrel-authority, which agents are to trust by the ConfigMap spandrel-ca.")
    @Nullable
    Path certificate;

    @Option(
            names = "--agent-account",
            paramLabel = "NAME",
            description = "Service account of the agents, in the operator's namespace (default: ${DEFAULT-VALUE}).")
    String agentAccount = "spandrel-agent";

    @Option(
            names = "--operator-account",
            paramLabel = "NAME",
            description = "Service account of the operators (default: ${DEFAULT-VALUE}).")
    String operatorAccount = "spandrel-operator";

    @Option(
            names = "--elect",
            description =
                    "On a loopback address too: only the holder of the Lease spandrel-operator writes status and Kubernetes Events, and installs "
                            + "the CRD. Several operators may then run, and each serves agents.")
    boolean elect;

    @Option(
            names = "--address",
            paramLabel = "HOST",
            description = "Where other replicas reach this one (default: POD_IP, else what it listens on).")
    @Nullable
    String address = System.getenv("POD_IP");

    @Option(
            names = "--replica-token",
            paramLabel = "FILE",
            description = "Token by which it proves to other replicas that it is one (default: ${DEFAULT-VALUE}).")
    Path replicaToken = Path.of("/var/run/spandrel/token");

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "Namespace of the operator and its agents (default: that of its pod, else spandrel-system).")
    String namespace = ownNamespace();

    @Option(
            names = "--inspect",
            paramLabel = "HOST:PORT",
            description =
                    "Where the command-line tool asks, a loopback address: kubectl port-forward leads to it, so that the cluster's own rules say "
                            + "who may (default: ${DEFAULT-VALUE}; without --secure on a loopback address it is served by --listen).")
    String inspect = "127.0.0.1:7071";

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Where /q/health is served (default: ${DEFAULT-VALUE}); port 0 takes a free one.")
    String http = "127.0.0.1:9465";

    @Option(
            names = "--root-namespace",
            paramLabel = "NAME",
            description = "Kubernetes namespace whose policies apply to the whole cluster (default: ${DEFAULT-VALUE}).")
    String rootNamespace = "spandrel-system";

    @Option(
            names = "--trusted-namespaces",
            paramLabel = "NAMES",
            split = ",",
            description =
                    "Kubernetes namespaces, besides the root namespace, whose ProbeSets may read all memory of a node: that of its kernel, too. "
                            + "Those of other namespaces read the memory of the processes that they select.")
    Set<String> trustedNamespaces = Set.of();

    /** What holds on the nodes once the definition of policies is deleted, and all policies with it. */
    enum Definitionless {
        keep,
        off
    }

    @Option(
            names = "--without-crd",
            paramLabel = "keep|off",
            description =
                    "When the CRD is deleted, and all policies with it: keep what was in force last until the CRD is back, or "
                            + "trace nothing (default: ${DEFAULT-VALUE}).")
    Definitionless withoutCrd = Definitionless.keep;

    void check(CommandLine command) {
        for (String address : new String[] {listen, http, inspect}) {
            try {
                parse(address);
            } catch (IllegalArgumentException _) {
                throw new ParameterException(command, "'" + address + "' is not HOST:PORT");
            }
        }
        if (!inspect().getAddress().isLoopbackAddress()) {
            throw new ParameterException(command, "--inspect: '" + inspect + "' is not a loopback address");
        }
        if (certificate != null
                && !(Files.isReadable(certificate.resolve("tls.crt"))
                        && Files.isReadable(certificate.resolve("tls.key")))) {
            throw new ParameterException(command, "--certificate: no readable tls.crt and tls.key in " + certificate);
        }
    }

    /** Whether agents come by TLS, and prove who they are. */
    boolean isGuarded() {
        return secure || certificate != null || !listen().getAddress().isLoopbackAddress();
    }

    boolean isElected() {
        return elect || isGuarded();
    }

    /** For an IPv6 address in brackets, as in a URL. */
    String address() {
        String host =
                address == null || address.isEmpty() ? listen().getAddress().getHostAddress() : address;
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    InetSocketAddress inspect() {
        return parse(inspect);
    }

    private static String ownNamespace() {
        try {
            return Files.readString(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace"))
                    .strip();
        } catch (IOException _) {
            return "spandrel-system";
        }
    }

    InetSocketAddress listen() {
        return parse(listen);
    }

    InetSocketAddress http() {
        return parse(http);
    }

    private static InetSocketAddress parse(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(address);
        }
        String host = colon == 0 ? "0.0.0.0" : address.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
    }
}
