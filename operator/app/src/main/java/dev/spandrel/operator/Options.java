package dev.spandrel.operator;

import java.net.InetSocketAddress;
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
            description = "Where agents connect (gRPC without TLS).")
    String listen = "";

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
        for (String address : new String[] {listen, http}) {
            try {
                parse(address);
            } catch (IllegalArgumentException _) {
                throw new ParameterException(command, "'" + address + "' is not HOST:PORT");
            }
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
