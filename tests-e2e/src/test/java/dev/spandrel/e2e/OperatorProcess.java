package dev.spandrel.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code ./dev operator}. */
final class OperatorProcess {
    private OperatorProcess() {}

    /** Starts the operator and waits until agents can connect. */
    static DevProcess start(Path directory, Kubectl cluster, int port) {
        DevProcess operator = DevProcess.start(
                directory,
                Map.of("KUBECONFIG", cluster.kubeconfig()),
                "operator",
                List.of("--listen", "127.0.0.1:" + port, "--http", "127.0.0.1:" + Ports.free()));
        Ports.awaitListening(port);
        return operator;
    }
}
