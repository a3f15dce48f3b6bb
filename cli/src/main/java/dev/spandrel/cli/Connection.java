package dev.spandrel.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the operator is reached. */
final class Connection {
    @Option(
            names = "--operator",
            paramLabel = "HOST:PORT",
            split = ",",
            description =
                    "Where the operator listens; several replicas, several times. Absent: kubectl finds its pods and forwards to them.")
    private List<Address> operators = List.of();

    @Option(
            names = "--operator-namespace",
            paramLabel = "NAME",
            description = "Kubernetes namespace that the operator is installed in (default: ${DEFAULT-VALUE}).")
    private String operatorNamespace = "spandrel-system";

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "As for kubectl.")
    private Optional<String> kubeconfig = Optional.empty();

    @Option(names = "--context", paramLabel = "NAME", description = "As for kubectl.")
    private Optional<String> context = Optional.empty();

    @Option(
            names = "--service-account",
            paramLabel = "NAMESPACE/NAME",
            description =
                    "Show yourself as this service account, by a token that kubectl asks for; absent, by the token of your kubeconfig. "
                            + "Only an operator that wants one gets it.")
    private Optional<String> serviceAccount = Optional.empty();

    /** As on the command line. */
    record Address(String host, int port) {
        static Address parse(String text) {
            int colon = text.lastIndexOf(':');
            return new Address(
                    text.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(text.substring(colon + 1)));
        }

        /** What is sent there stays on this machine, or in a tunnel that begins here. */
        boolean isLoopback() {
            return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    Replicas open() {
        return operators.isEmpty()
                ? Replicas.forwarded(kubectl().forwardToAll(operatorNamespace, Replicas::load), this::token)
                : Replicas.at(operators, this::token);
    }

    /** The Kubernetes namespace of the kubeconfig's context. */
    String namespace() {
        return kubectl().namespace();
    }

    private String token() {
        return serviceAccount.map(kubectl()::tokenOf).orElseGet(kubectl()::token);
    }

    private Kubectl kubectl() {
        return new Kubectl("kubectl", kubeconfig, context);
    }
}
