package dev.spandrel.e2e;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** {@code ./dev operator}. */
final class OperatorProcess {
    private OperatorProcess() {}

    /** Starts the operator and waits until agents can connect. */
    static DevProcess start(Path directory, Kubectl cluster, int port, String... options) {
        return start(directory, cluster, port, Ports.free(), options);
    }

    /** @param http port of metrics and health */
    static DevProcess start(Path directory, Kubectl cluster, int port, int http, String... options) {
        DevProcess operator = DevProcess.start(
                directory,
                Map.of("KUBECONFIG", cluster.kubeconfig()),
                "operator",
                Stream.concat(
                                Stream.of("--listen", "127.0.0.1:" + port, "--http", "127.0.0.1:" + http),
                                Stream.of(options))
                        .toList());
        try {
            Ports.awaitListening(port);
        } catch (AssertionError late) {
            operator.kill();
            throw late;
        }
        return operator;
    }
}
